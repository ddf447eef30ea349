//! Whether a sentence can open a quote: nothing in it may lean on what stood before.

use std::{collections::HashSet, sync::LazyLock};

use super::{
    cue::{Cue, Cues},
    score::WORKS,
    words::{WordSet, Words},
};

/// Words that lean on a sentence before: no quote opens with one.
const LEANING: &[&str] = &[
    "but and so also however this these those that it its it's he she they his their which who because then there",
    "here or yet thus hence secondly lastly finally furthermore moreover nor him them theirs hers he's she's",
    "they're that's there's here's therefore nevertheless nonetheless besides plus likewise similarly otherwise",
    "instead meanwhile such whereas additionally consequently accordingly conversely still again second third",
    "firstly first thirdly next afterwards later both neither same another others anyway either elsewhere indeed",
    "alas granted sure yes no except too maybe perhaps after once well ok okay oh whether especially including",
    "since to now how why where than apparently basically note ps edit update hi hello dear thanks what's",
    "speaking equally unlike did does do is was are were has have can could would thankfully luckily",
    "interestingly admittedly naturally obviously of hopefully certainly eventually",
];
/// The same in other languages, by their ISO 639-1 codes.
const FOREIGN: &[(&str, &[&str])] = &[
    (
        "de",
        &[
            "er sie es dies diese dieser dieses diesen diesem das jene jener jenes sein seine seiner ihr ihre ihm ihn ihnen",
            "dessen deren aber und oder doch auch außerdem denn dann dabei damit dadurch dafür dazu daher deshalb deswegen",
            "darum daran darin davon danach dort hier trotzdem dennoch jedoch allerdings zudem zusätzlich ferner weiterhin",
            "so also sonst stattdessen hingegen dagegen somit nun letztere letzterer beide beides zweitens drittens ebenso",
            "weil sodass welche welcher welches wobei wodurch",
        ],
    ),
    (
        "fr",
        &[
            "il elle ils elles ce cela ça c'est ceci cet cette ces celui celle ceux celles son sa ses leur leurs lui",
            "mais et ou donc puis ensuite ainsi alors aussi également pourtant cependant toutefois néanmoins or car enfin",
            "ici là y en parce que qui dont où deuxièmement ensuite bref sinon",
        ],
    ),
    (
        "es",
        &[
            "él ella ellos ellas ello eso esto esta este estos estas ese esa esos esas aquel aquella su sus pero y e o",
            "también además entonces luego así aunque sin embargo pues porque allí ahí aquí tampoco después finalmente",
            "igualmente asimismo mientras cuyo cuya lo",
        ],
    ),
    (
        "it",
        &[
            "lui lei egli ella essi esse loro esso essa questo questa questi queste quello quella quelli ciò suo sua suoi",
            "sue ma e o anche inoltre poi quindi dunque così però tuttavia perché qui lì infatti invece infine allora",
            "ed eppure altrettanto",
        ],
    ),
    (
        "pt",
        &[
            "ele ela eles elas isso isto aquilo este esta estes estas esse essa esses essas aquele aquela seu sua seus",
            "suas mas e ou também além então depois assim porém contudo entretanto porque aqui ali lá já agora logo",
            "portanto enfim outro outra outros outras nele nela nesse nessa neste nesta nesses nessas desse dessa deste",
            "desta apesar",
        ],
    ),
    (
        "nl",
        &[
            "hij zij ze het dit dat deze die zijn haar hun hen maar en of ook daarnaast bovendien toen dan daarom dus",
            "echter toch hier daar omdat want verder vervolgens tevens bijvoorbeeld beide",
        ],
    ),
    (
        "sv",
        &[
            "han hon den det de dem hans hennes deras denna detta dessa men och eller också dessutom sedan därför så dock",
            "här där eftersom ändå då vidare båda",
        ],
    ),
    ("fi", &["hän se ne he tämä nämä hänen sen niiden mutta ja tai myös lisäksi sitten siksi kuitenkin siellä täällä"]),
    ("pl", &["on ona ono oni one to ten ta te jego jej ich ale i a lub także też ponadto potem więc jednak tu tam bo"]),
    (
        "cs",
        &["on ona ono oni to ten ta ty jeho její jejich ale a i nebo také navíc potom pak proto však tady tam protože"],
    ),
    (
        "ru",
        &["он она оно они это этот эта эти его её ее их но и а или также кроме потом поэтому однако здесь там тогда"],
    ),
];
/// Beginnings that lean, in scripts without spaces and in those that join words.
const JOINED: &[&str] = &[
    "これ",
    "それ",
    "その",
    "あれ",
    "彼",
    "しかし",
    "でも",
    "また",
    "だが",
    "そして",
    "ただ",
    "だから",
    "但",
    "而且",
    "他",
    "她",
    "它",
    "因此",
    "所以",
    "不过",
    "然而",
    "그러나",
    "하지만",
    "그리고",
    "그는",
    "그녀",
    "이것",
    "또한",
    "다만",
    "그래서",
];
/// What a work is called: "dieser Film", "esta película" point at nothing but the work.
const WORKS_ABROAD: &[&str] = &[
    "film filme films buch roman spiel album serie livre jeu disque série película pelicula libro juego disco novela obra",
    "romanzo gioco livro jogo boek spel bok romance restaurant restaurante ristorante musical komödie",
];
/// Personal pronouns that need a name before them, in languages that part words by spaces.
const PERSONS: &[(&str, &str)] = &[
    ("de", "er sie ihm ihn ihnen"),
    ("fr", "il elle ils elles lui"),
    ("es", "él ella ellos ellas"),
    ("it", "lui lei egli loro"),
    ("pt", "ele ela eles elas dele dela isso disso nisso"),
    ("nl", "hij zij hem"),
    ("sv", "han hon honom henne"),
];
/// Openings of several words that lean, or begin an enumeration.
const LEANING_PHRASES: &[&str] = &[
    "as for|as such|for example|for instance|in addition|on the other hand|in other words|not only that|even so",
    "one of these|one of those|the same|the other|the latter|the former|what it also|with that|with this",
    "because of|after that|after this|on top of|like this|like that|in this|in that|at this|at that|for this",
    "for that|from there|from here|by this|by then|if that|if this|if it|if he|if she|if they|when he|when she",
    "when they|when it|while he|while she|while they|while it|though he|though she|though it|although it",
    "although he|although she|as he|as she|as it|as they|even he|even she|even it|not that|not necessarily",
    "case in point|same goes|i also|i too|only this|all this|all that|all of this|all of these|all these",
    "none of this|none of these|much of this|many of these|some of these|most of these|part of this",
    "each of these|what this|my other|my only other|as mentioned|as i said|to this|to that|part of that",
    "of course|at least|with that being|one thing|on one hand|on the one hand|in fact|a few of these|even more so|more so|more importantly|other times",
    "most importantly|just like|let me|let's|the first|the second|the third|the next|the following|things like",
    "if you haven't|in spite of this|in contrast|by contrast|at the same time|that said|about it|only one of|going back|coming back|putting that|talk about",
    "even though it|even though he|even though she|even though they|for one|for starters|just because",
    "i say this|i mean|as a result|at first|at one point|during this|despite this|despite that",
    "despite all|until then|half of|one of the reasons|the reason|the only other|last but not least|last of all",
    "all i can|i read a|i saw a|nothing of the kind|nothing of the sort|you know|no wonder|small wonder|not so|not quite|not exactly|the rest|in other|by the way|speaking of",
    "beyond that|beyond all|on the flip|other than that|if anything|the kind|the sort|the type|don't get me|mind you|you see|that aside|even then|even better|even worse|better yet|to make matters",
    "the song|the track|the scene|the sequence|the chapter|the line|the moment|apart from that|apart from this|apart from it|aside from that|aside from this|aside from it|other than",
];

/// What "those" may point at that follows it: "those who", "those kinds of film".
const THOSE: &[&str] = &[
    "who",
    "of",
    "looking",
    "with",
    "familiar",
    "interested",
    "expecting",
    "type",
    "types",
    "kind",
    "kinds",
    "sort",
    "sorts",
];

/// Verbs by which a short sentence says something of its subject.
static STATES: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(&[
        "is isn't are aren't was wasn't were weren't be has have had hasn't haven't do does did doesn't didn't don't will would",
        "can can't cannot could couldn't should must makes make made feels felt feel looks sounds works plays keeps gets goes",
        "loved love loves liked like enjoyed enjoy hated hate recommend delivers remains lacks fails shines steals i'm i've",
        "it's that's there's",
    ])
});
static LEANS: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(LEANING));
static NAMES_WORK: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(WORKS_ABROAD));
static LEANS_ABROAD: LazyLock<Vec<(&str, WordSet)>> =
    LazyLock::new(|| FOREIGN.iter().map(|(code, words)| (*code, WordSet::of(words))).collect());

/// The words of the longest of [`LEANING_PHRASES`].
const LONGEST_PHRASE: usize = 5;
static PHRASES: LazyLock<HashSet<&str>> =
    LazyLock::new(|| LEANING_PHRASES.iter().flat_map(|line| line.split('|')).collect());

/// The language in which a text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tongue<'a> {
    English,
    /// By its code, where it is known.
    Other(Option<&'a str>),
}

impl Tongue<'_> {
    /// Whether what belongs to the language of `code` is looked for: a language not known may be any.
    fn may_be(self, code: &str) -> bool {
        match self {
            Self::English => false,
            Self::Other(language) => language.is_none_or(|known| known.starts_with(code)),
        }
    }
}

/// Whether a sentence can open a quote: nothing in its opening leans on what stood before.
pub(super) fn can_open(words: &Words, cues: Cues, tongue: Tongue<'_>) -> bool {
    if tongue == Tongue::English { opens_in_english(words, cues) } else { opens_abroad(words, tongue) }
}

fn opens_abroad(words: &Words, tongue: Tongue<'_>) -> bool {
    let first = words.get(0);
    let named = NAMES_WORK.has(words.key(1)) && first.chars().count() > 1;
    let leans = !named && LEANS_ABROAD.iter().any(|(code, set)| tongue.may_be(code) && set.has(words.key(0)));
    let person = PERSONS.iter().filter(|(code, _)| tongue.may_be(code)).any(|(_, list)| {
        let at = (0..words.len().min(8)).find(|&at| list.split(' ').any(|pronoun| pronoun == words.get(at)));
        at.is_some_and(|at| !(1..at).any(|before| words.is_upper(before)))
    });
    !(leans || person || JOINED.iter().any(|beginning| first.starts_with(beginning)))
}

fn opens_in_english(words: &Words, cues: Cues) -> bool {
    let first = words.get(0);
    let stem = first.split('\'').next().unwrap_or(first);
    let contracted =
        matches!(stem, "it" | "he" | "she" | "they" | "that" | "this" | "there" | "who" | "here") && stem != first;
    let leans = contracted || LEANS.has(words.key(0));
    let opening = words.text();
    let at_end = |word: &str| words.get(words.len().saturating_sub(1)) == word;
    let contrasts = opening.contains(" however ")
        || at_end("though")
        || at_end("too")
        || at_end("either")
        || opening.ends_with(" as well ");
    // "The book also has" goes on with a list.
    let goes_on = (1..5).any(|at| words.get(at) == "also");
    let points = (0..words.len())
        .any(|at| words.get(at) == "these" || (words.get(at) == "those" && !THOSE.contains(&words.get(at + 1))));
    // "No film achieves that." : what it is stands before.
    let object = matches!(words.get(words.len().saturating_sub(1)), "that" | "this");
    // "Sometimes this means", "I think that's what": what is meant stands before.
    let meant = (1..4).any(|at| words.get(at) == "this" && points_at(words, at) || words.get(at) == "that's");
    !(leans
        || contrasts
        || points
        || goes_on
        || object
        || meant
        || (1..=LONGEST_PHRASE).any(|count| PHRASES.contains(words.beginning(count)))
        || cues.has(Cue::Backward)
        || dangles(words))
}

/// Whether a sentence is but a subordinate clause that its writer left alone: "While I was not there."
pub(super) fn is_left_alone(text: &str, words: &Words) -> bool {
    let mut depth = 0;
    let parted = text.chars().any(|c| {
        depth += i32::from(matches!(c, '(' | '[')) - i32::from(matches!(c, ')' | ']'));
        depth == 0 && matches!(c, ',' | ';' | ':' | '–' | '—')
    });
    !parted && matches!(words.get(0), "while" | "although" | "though" | "whereas" | "because" | "unless")
}

/// Whether a sentence opens with the work itself ("This film", "The book"): it may follow where the work was spoken of.
pub(super) fn takes_up(words: &Words) -> bool {
    matches!(words.get(0), "this" | "the") && WORKS.contains(&words.get(1))
}

/// Whether a few words stand there without a verb that would make a sentence of them, nor the work's name: "Careful and
/// refined." In print they hang in the air.
pub(super) fn is_fragment(words: &Words) -> bool {
    const FEW: usize = 8;
    words.len() < FEW
        && !words.keys().iter().any(|key| STATES.has(*key))
        && !words.iter().any(|word| WORKS.contains(&word))
}

/// Whether "this scene", "that choice" points at something other than the work.
pub(super) fn points(words: &Words) -> bool {
    (0..words.len()).any(|at| words.get(at) == "this" && points_at(words, at))
}

/// Whether the "this" at a place points at something other than the work.
fn points_at(words: &Words, at: usize) -> bool {
    let next = words.get(at + 1);
    !WORKS.contains(&next) && !WORKS.contains(&words.get(at + 2)) && !matches!(next, "year" | "time" | "kind" | "")
}

/// Whether a person stands there as `he` or `she` before any name is given.
fn dangles(words: &Words) -> bool {
    for at in 0..words.len() {
        if matches!(
            words.get(at),
            "he" | "she"
                | "him"
                | "his"
                | "hers"
                | "himself"
                | "herself"
                | "he's"
                | "she's"
                | "they"
                | "them"
                | "their"
        ) {
            // A plural noun before `they` may be what it means.
            let plural = words.get(at).starts_with("the")
                && (0..at).any(|b| words.get(b).len() > 3 && words.get(b).ends_with('s'));
            return !plural;
        }
        if at > 0 && words.is_upper(at) && words.get(at).len() > 2 {
            return false;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opens(text: &str) -> bool {
        let words = Words::new(text);
        can_open(&words, Cues::of(&words, ""), Tongue::English)
    }

    #[test]
    fn an_opening_that_leans_opens_no_quote() {
        for text in [
            "It is a delight.",
            "But the music is fine.",
            "He acts well.",
            "As for the songs, they shine.",
            "When she smiles, the room warms.",
            "Watching him work is a joy.",
            "No other film this year can do that.",
            "Sometimes this means a scene too many.",
            "I think that's what's so great about the show.",
            "If we leave aside the above, the film works.",
        ] {
            assert!(!opens(text), "{text}");
        }
        for text in [
            "The film is a delight.",
            "I loved the songs.",
            "On every level, a triumph.",
            "Watching Ines Orr lift her role is a joy.",
        ] {
            assert!(opens(text), "{text}");
        }
    }

    #[test]
    fn no_leaning_phrase_is_longer_than_looked_for() {
        assert!(PHRASES.iter().all(|phrase| phrase.split(' ').count() <= LONGEST_PHRASE));
    }

    #[test]
    fn openings_lean_in_other_languages_too() {
        let opens = |language, text: &str| {
            let words = Words::new(text);
            can_open(&words, Cues::default(), Tongue::Other(Some(language)))
        };
        for (language, text) in [
            ("de", "Er spielt die Rolle großartig."),
            ("de", "Dabei ist der Film sehr schön."),
            ("fr", "Elle joue magnifiquement."),
            ("fr", "C'est une réussite."),
            ("es", "Ella está magnífica en el papel."),
            ("es", "Pero la música es estupenda."),
            ("it", "Lui recita benissimo."),
            ("it", "Questo rende il film noioso."),
            ("pt", "Ele é um ótimo personagem."),
            ("pt", "Nele a música é excelente."),
            ("pt", "Não pense que com isso o jogo ficou mais curto."),
            ("nl", "Hij speelt geweldig."),
            ("nl", "Bovendien is de muziek prachtig."),
            ("sv", "Hon är underbar i rollen."),
            ("sv", "Dessutom är musiken vacker."),
            ("ja", "それは素晴らしい映画だった。"),
            ("ru", "Он играет великолепно."),
        ] {
            assert!(!opens(language, text), "{text}");
        }
        for (language, text) in [
            ("de", "Der Film ist ein großartiges Stück Kino."),
            ("fr", "Le film est une réussite."),
            ("es", "La película es estupenda."),
            ("it", "Il film è un capolavoro."),
            ("it", "I personaggi sono splendidi."),
            ("pt", "O jogo é excelente."),
            ("nl", "De film is prachtig."),
            ("sv", "Filmen är ett mästerverk."),
            ("de", "Dieser Film ist ein Ereignis."),
            ("es", "Esta película es estupenda."),
            ("ja", "この映画は素晴らしい。"),
        ] {
            assert!(opens(language, text), "{text}");
        }
    }
}
