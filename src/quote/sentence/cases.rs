//! Hard cases of splitting: each line is one text, its sentences parted by ` | `, or by `¦` where no space stands.

use super::split;

const CASES: &[&str] = &[
    // Initials and names.
    "The book by J. K. Holt is long. | I liked it.",
    "Ursula K. Orr wrote it. | She was right.",
    "It stars Samuel T. Ives and Ann B. Lowe. | Both shine.",
    "M. Night is a director. | So is J.J. Arden.",
    "The script is by C. S. Hale. | The music is by E. Rowe.",
    "St. Vincent returns. | Her voice is strong.",
    // Titles and numbers of works.
    "Vol. 2 is better than Vol. 1. | Both are loud.",
    "See ch. 3 for that. | The rest drags.",
    "Symphony No. 5 opens the film. | It fits.",
    "Was it any good? | No. | It was dull.",
    "Mr. and Mrs. Hale live on Elm St. in town. | Nothing happens.",
    "Dr. No is a villain. | Prof. Orr is not.",
    "Lt. Col. Ives leads. | Sgt. Pell follows.",
    "It runs to pp. 12-40 in ed. 3 of the work. | A slog.",
    // Abbreviations within and at the end.
    "It has swords, dragons, etc. and a map. | Fine.",
    "It has swords, dragons, etc. | The map is good.",
    "Set in the U.S. Army, it bores. | Skip it.",
    "She moved to the U.S. | The film did not.",
    "It opens at 9 p.m. sharp. | Come early.",
    "It opens at 9 p.m. | We came late.",
    "Some films, e.g. Harbour Lights, age well. | Others, i.e. most, do not.",
    "Orr vs. Pell is the match of the year. | I cheered.",
    "The band, feat. Ann Lowe, plays on. | It grows.",
    "Warner Bros. made it. | Nobody came.",
    "Ives Jr. sings. | Ives Sr. listens.",
    // Numbers.
    "It cost $3.5 million. | It earned 1.2.",
    "Version 2.0 is out. | Version 1.9.3 was better.",
    "I paid 4.99 for it. | That is fair.",
    // Ellipses.
    "I waited... and waited. | Nothing came.",
    "I waited… | Nothing came.",
    "Well... | It works. | Mostly.",
    "The end is... no, I won't say. | See it.",
    // Run together.
    "The cast is good.¦The script is not.",
    "I loved it!¦But why?¦Nobody knows.",
    "It ends well (finally).¦The music stops.",
    "She said “no.”¦He left.",
    // Quotation marks and brackets.
    "“Go!” she said. | He went.",
    "He asked, “Why now?” and left. | The end.",
    "\"It is fine.\" | That was all.",
    "(It is long. But good.) | I stayed.",
    "The film (directed by A. Hale.) drags. | I slept.",
    "‘Fine.’ | That was the word.",
    "She calls it “a mess. A real mess.” | I agree.",
    "Who wrote this?! | Nobody says.",
    "Yes! | Yes! | Yes!",
    // Other languages.
    "Der 2. Teil ist besser. | Der 1. war schwach.",
    "Das ist z. B. gut gespielt. | Mehr nicht.",
    "Der Film, d.h. sein Ende, überzeugt. | Sehr sogar.",
    "Am 3. Mai kam er ins Kino. | Ich war da.",
    "Er heißt Dr. Hans K. Weber. | Man kennt ihn.",
    "Bzw. das Buch gefiel mir, usw. | Die Musik auch.",
    "«C’est beau.» | Voilà tout.",
    "M. Hulot arrive. | Mme. Orr part.",
    "Quel film ! | Je recommande.",
    "¡Qué película! | ¿Quién la hizo? | Nadie lo sabe.",
    "El Sr. Pérez y la Sra. Ruiz actúan bien. | Me gustó.",
    "O filme custou R$ 3.500. | Valeu a pena.",
    "Il sig. Rossi canta. | La dott. Bianchi tace.",
    "De heer J. de Vries speelt bijv. goed. | Mooi.",
    "映画は良い。¦音楽も！ | 本当？¦はい。",
];

#[test]
fn hard_cases_are_split_where_a_reader_would() {
    let mut wrong = Vec::new();
    for case in CASES {
        let expected: Vec<&str> = case.split(" | ").flat_map(|part| part.split('¦')).collect();
        let body = case.replace(" | ", " ").replace('¦', "");
        let found: Vec<&str> = split(&body, None).into_iter().map(|s| &body[s.range]).collect();
        if found != expected {
            wrong.push(format!("{expected:?}\n   found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), CASES.len(), wrong.join("\n"));
}
