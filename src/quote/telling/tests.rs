//! The gate held against a table of sentences that give away and sentences that do not.

use super::{
    super::{polarity, score, weights::Weights},
    *,
};

use Kind::{Book, Film, Game};

/// Short names for the table.
#[derive(Clone, Copy)]
enum Kind {
    Film,
    Book,
    Game,
}

fn told(kind: Kind, language: &str, text: &str, place: f32) -> Telling {
    let words = Words::new(text);
    let known = ["ines".to_owned(), "orr".to_owned()];
    let kind = match kind {
        Film => WorkKind::Film,
        Book => WorkKind::Book,
        Game => WorkKind::Game,
    };
    let english = language == "en";
    let opinion = score::opinion(Weights::shipped().read(&words), &words, english);
    let cues = Cues::of(&words, "");
    let judging = polarity::of(&words, cues).abs() >= polarity::DECIDED;
    let context = Context { kind: Some(kind), opinion, judging, place, english, known: &known };
    telling(&words, cues, context)
}

/// Sentences that give away, each with its medium and language.
const LEAKING: &[(Kind, &str, &str)] = &[
    (Film, "en", "It turns out that the nurse was the killer all along."),
    (Film, "en", "In the end she goes back to her husband."),
    (Film, "en", "Like any love it has a beginning, as well as an inevitable end."),
    (Film, "en", "Marta dies in the last act, and nothing is the same."),
    (Film, "en", "The twist is that they were dead the whole time."),
    (Film, "en", "He finally confesses to the murder of his brother."),
    (Film, "en", "Nobody survives the flood, and that is a brave choice."),
    (Film, "en", "The couple break up at the airport and never meet again."),
    (Film, "en", "Only the dog makes it out alive."),
    (Film, "en", "She outgrows him and moves on, which is beautifully played."),
    (Film, "en", "The final shot shows the empty cradle."),
    (Film, "en", "We learn that Tom is his father."),
    (Film, "en", "It is a shock when Anna shoots her own son."),
    (Film, "en", "Their plane goes down and everyone is lost."),
    (Film, "en", "As it happens, the ghost is her own daughter."),
    (Film, "en", "The villain wins and the city burns, a bold and clever idea."),
    (Film, "en", "By the time the credits roll, Harlan is behind bars."),
    (Film, "en", "I loved that Elena chooses the painter over the banker."),
    (Film, "en", "Frank gives up his life so that the others can get away."),
    (Film, "en", "The whole story was a dream, and a dull one at that."),
    (Film, "en", "The masked man is revealed as the mayor."),
    (Film, "en", "I cried when Ben gave up the farm and hanged himself."),
    (Film, "en", "Ruth takes the blame and goes to jail."),
    (Film, "en", "They get married on the beach, of course."),
    (Film, "en", "Joe never comes home from the war, and the film is all the better for it."),
    (Film, "en", "The moment when the brothers finally forgive each other is wonderful."),
    (Film, "en", "Her death is the most moving scene of the year."),
    (Film, "en", "The ending, in which they part, is heartbreaking."),
    (Film, "en", "It was the butler who stole the letters."),
    (Film, "en", "Two of the three sisters do not make it to the third act."),
    (Film, "en", "The detective was working for the gang from the start."),
    (Book, "en", "The narrator turns out to be the thief."),
    (Book, "en", "The last chapter takes everything back: there was no sister."),
    (Book, "en", "Lord Ashby was the father all along."),
    (Book, "en", "Kit is killed off halfway through, which I thought brave."),
    (Book, "en", "Happily ever after is all the more satisfying for these two."),
    (Book, "en", "On the final pages the letter arrives at last."),
    (Book, "en", "I did not expect the queen to betray her own son."),
    (Book, "en", "The epilogue tells us who inherits the house."),
    (Book, "en", "Mina ends up with the doctor, as she should."),
    (Book, "en", "The big secret about the cellar is well kept."),
    (Game, "en", "The final boss is your own mentor."),
    (Game, "en", "You have to kill your companion to finish the game."),
    (Game, "en", "The best ending lets the princess live."),
    (Game, "en", "After the credits it is shown that the pilot survived."),
    (Game, "en", "Your hero sacrifices himself in the last mission."),
    (Game, "en", "In the true ending the city is saved."),
    (Game, "en", "The post-credits scene brings the captain back."),
    (Film, "de", "Am Ende stirbt der Vater, und das ist großartig gespielt."),
    (Film, "de", "Es stellt sich heraus, dass sie Schwestern sind."),
    (Film, "de", "Der Mörder ist ausgerechnet der nette Nachbar."),
    (Film, "de", "Zum Schluss heiraten die beiden, wie schön."),
    (Film, "fr", "À la fin, il meurt dans ses bras, et c'est superbe."),
    (Film, "fr", "On apprend que le tueur est son frère."),
    (Film, "fr", "Il se révèle être le père de la victime."),
    (Film, "es", "Al final ella muere, una escena maravillosa."),
    (Film, "es", "Resulta que el asesino es el hermano."),
    (Film, "it", "Alla fine lui muore, scena bellissima."),
    (Film, "it", "Si scopre che l'assassino è il padre."),
    (Film, "pt", "No final ele morre, uma cena excelente."),
    (Film, "pt", "Descobrimos que o pai era o assassino."),
    (Film, "nl", "Aan het einde sterft de vader, prachtig gespeeld."),
    (Film, "nl", "Het blijkt dat de buurman de moordenaar is."),
    (Film, "sv", "På slutet dör pappan, underbart spelat."),
    (Film, "sv", "Det visar sig att hon är mördaren."),
];

/// Sentences that give nothing away.
const HARMLESS: &[(Kind, &str, &str)] = &[
    (Film, "en", "The acting is superb and the script is sharp."),
    (Film, "en", "At the end of the day, this is a fine film."),
    (Film, "en", "A warm and beautifully acted film that I would recommend to anyone."),
    (Film, "en", "The photography is gorgeous, though the pacing sags in the middle."),
    (Film, "en", "I ended up loving every minute of it."),
    (Film, "en", "The songs are to die for."),
    (Film, "en", "A murder mystery with wit, style and a wonderful cast."),
    (Film, "en", "You see how Ines Orr leaves room for silence."),
    (Film, "en", "No film this year has moved me more."),
    (Film, "en", "The villain is a delight to watch."),
    (Film, "en", "A killer soundtrack and a dead-on sense of period."),
    (Film, "en", "In the end I was won over by its charm."),
    (Film, "en", "Ultimately a triumph of craft over budget."),
    (Film, "en", "The jokes land, the heart is real and the running time is short."),
    (Film, "en", "Orr gives the performance of a lifetime, funny and sad at once."),
    (Film, "en", "The film wins you over with its charm."),
    (Film, "en", "It never quite finds its rhythm, and the dialogue is wooden."),
    (Film, "en", "A dull, overlong mess that wastes a fine cast."),
    (Film, "en", "Everything about it works: the music, the light, the timing."),
    (Film, "en", "Never has a kitchen looked so dangerous or so beautiful."),
    (Film, "en", "The remake turns out well, better than anyone had hoped."),
    (Film, "en", "A love story for grown-ups, told with patience and humour."),
    (Book, "en", "Its prose comes alive on every page."),
    (Book, "en", "I was hooked from the first page and could not put it down."),
    (Book, "en", "The translation is a joy to read."),
    (Book, "en", "A clever, patient and humane novel about work and money."),
    (Book, "en", "The characters are flat and the dialogue is stilted."),
    (Book, "en", "The research is impeccable, and the style is never dry."),
    (Book, "en", "I learned more from this book than from ten lectures."),
    (Game, "en", "The combat is tight and the controls are a pleasure."),
    (Game, "en", "The levels are varied and the puzzles reward patience."),
    (Game, "en", "It crashes too often to be recommended in its present state."),
    (Game, "en", "A beautiful world with nothing to do in it."),
    (Game, "en", "The soundtrack alone is worth the price."),
    (Game, "en", "Exploration feels free, and every corner holds a small reward."),
    (Film, "de", "Der Film ist großartig gespielt und wunderbar fotografiert."),
    (Film, "de", "Die Musik ist leider langweilig und viel zu laut."),
    (Film, "fr", "Les acteurs sont excellents et la photographie est magnifique."),
    (Film, "es", "Las actuaciones son estupendas y el guion es excelente."),
    (Film, "it", "La fotografia è splendida e gli attori sono bravissimi."),
    (Film, "pt", "As atuações são excelentes e a trilha é maravilhosa."),
    (Film, "nl", "De muziek is prachtig en het spel is geweldig."),
    (Film, "sv", "Musiken är underbar och skådespelet är fantastiskt."),
];

#[test]
fn what_gives_away_is_not_quoted_wherever_it_stands() {
    for place in [0.1, 0.9] {
        let open: Vec<_> = LEAKING
            .iter()
            .filter(|(kind, language, text)| told(*kind, language, text, place) == Telling::Safe)
            .collect();
        assert!(open.is_empty(), "{:?}", open.iter().map(|row| row.2).collect::<Vec<_>>());
    }
}

#[test]
fn what_gives_nothing_away_may_be_quoted() {
    let closed: Vec<_> =
        HARMLESS.iter().filter(|(kind, language, text)| told(*kind, language, text, 0.9) != Telling::Safe).collect();
    assert!(closed.is_empty(), "{:?}", closed.iter().map(|row| row.2).collect::<Vec<_>>());
}

#[test]
fn plot_is_premise_while_early_and_a_spoiler_when_late() {
    let text = "So Marta finds a map and she decides to travel.";
    assert_eq!((told(Book, "en", text, 0.1), told(Book, "en", text, 0.8)), (Telling::Plot, Telling::Spoiler));
}
