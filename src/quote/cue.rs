//! Phrases that tell something about a sentence, all found in one pass.
//!
//! The lists are general English, with the commonest of the larger European languages: no title, name or
//! site stands in them. How a phrase is written: [`super::phrase`].

use std::sync::LazyLock;

use super::{
    phrase::Phrases,
    words::{WordSet, Words},
};

/// What a phrase tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u16)]
pub(super) enum Cue {
    /// Sums up, advises, ranks: the language of verdicts.
    Verdict = 1,
    /// Names the kind of work: film, book, album, game, place.
    Work = 2,
    /// Gives away an outcome, in any work that tells a story.
    Outcome = 4,
    /// Talks about the page, the blog, the reader's clicks, how the copy was come by.
    Page = 8,
    /// Points at something said before: stands badly alone.
    Backward = 16,
    /// Praise that a word list would miss or misread.
    Praise = 32,
    /// Blame that a word list would miss or misread.
    Blame = 64,
    /// An idiom that only looks like an outcome: takes out a match that lies inside it.
    Harmless = 128,
    /// Speaks of how the story ends: an outcome where the work tells a story.
    Ending = 256,
    /// Ranks and superlatives: of the work, or of a part of it.
    Rank = 1024,
    /// The critic holds back: no verdict speaks so.
    Hedge = 2048,
    /// Production facts rather than opinion: nominations, box office, release.
    Fact = 512,
}

const OUTCOME_BIT: u16 = Cue::Outcome as u16;
const ENDING_BIT: u16 = Cue::Ending as u16;
const HARMLESS_BIT: u16 = Cue::Harmless as u16;

const PRAISE_BIT: u16 = Cue::Praise as u16;
const BLAME_BIT: u16 = Cue::Blame as u16;

/// The cues of one sentence.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Cues {
    /// Which there are, as bits.
    bits: u16,
    /// How often praise and blame were met; under a negation of another language, the one is the other.
    praise: u8,
    blame: u8,
}

impl Cues {
    /// Finds the cues of a sentence. Nothing inside the work's title (words with a space at both ends) is taken
    /// for an outcome.
    pub fn of(words: &Words, title: &str) -> Self {
        static FINDER: LazyLock<Phrases<u16>> = LazyLock::new(|| {
            let lines = LISTS.iter().flat_map(|(cue, lines)| lines.iter().map(|line| (*line, *cue as u16)));
            Phrases::of(lines)
        });
        let mut found = Self::default();
        let mut doubtful = Vec::new();
        let mut harmless: Vec<_> = match title.trim() {
            "" => Vec::new(),
            _ => words.text().match_indices(title).map(|(at, text)| at..at + text.len()).collect(),
        };
        FINDER.find(words, |range, bit| match bit {
            HARMLESS_BIT => harmless.push(range),
            OUTCOME_BIT | ENDING_BIT => doubtful.push((range, bit)),
            bit => {
                found.bits |= bit;
                if bit == PRAISE_BIT || bit == BLAME_BIT {
                    let praise = (bit == PRAISE_BIT) != is_negated(words, range.start);
                    let count = if praise { &mut found.praise } else { &mut found.blame };
                    *count = count.saturating_add(1);
                }
            }
        });
        for (range, bit) in doubtful {
            if !harmless.iter().any(|h| h.start <= range.start && range.end <= h.end) {
                found.bits |= bit;
            }
        }
        found
    }

    pub const fn has(self, cue: Cue) -> bool {
        self.bits & cue as u16 != 0
    }

    /// Turns of praise and of blame, for a language in which they are all there is to go by.
    pub fn charged(self) -> usize {
        usize::from(self.praise) + usize::from(self.blame)
    }

    /// The side that those take together, -1 to 1.
    pub fn leaning(self) -> f32 {
        let (praise, blame) = (f32::from(self.praise), f32::from(self.blame));
        (praise - blame) / (praise + blame + 0.5)
    }
}

/// A negation turns what follows it within so many words.
const REACH: usize = 4;
/// Words that negate in the languages of the lists; what is a word of another kind in one of them stands with the verb.
static NEGATIONS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(&[
        "nicht kein keine keinen keiner nie niemals pas jamais sans não nunca nem sem non né mai senza niet geen nooit inte ingen inget ei nie není nejsou не",
    ])
});
/// The Spanish "no" is "in the" in Portuguese: it negates before these.
static NEGATED_VERBS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(&["es son fue era está están me te le lo tiene hay estoy creo digo puedo parece resulta"])
});

/// Whether a negation stands before what begins at a byte of [`Words::text`].
fn is_negated(words: &Words, byte: usize) -> bool {
    let at = words.at_byte(byte);
    (at.saturating_sub(REACH)..at).any(|before| {
        NEGATIONS.has(words.key(before)) || (words.get(before) == "no" && NEGATED_VERBS.has(words.key(before + 1)))
    })
}

/// The lines of all lists.
#[cfg(test)]
pub(super) fn lines() -> impl Iterator<Item = &'static str> {
    LISTS.iter().flat_map(|(_, lines)| lines.iter().copied())
}

const LISTS: &[(Cue, &[&str])] = &[
    (Cue::Verdict, VERDICT),
    (Cue::Rank, RANK),
    (Cue::Hedge, HEDGE),
    (Cue::Work, WORK),
    (Cue::Outcome, OUTCOME),
    (Cue::Ending, ENDING),
    (Cue::Harmless, HARMLESS),
    (Cue::Page, PAGE),
    (Cue::Backward, BACKWARD),
    (Cue::Praise, PRAISE),
    (Cue::Blame, BLAME),
    (Cue::Fact, FACT),
];

const VERDICT: &[&str] = &[
    "overall|all in all|in short|in sum|to sum up|in summary|in conclusion|in the end|ultimately|bottom line|on the whole|verdict",
    "recommend*|must see|must read|must have|must listen|must play|worth watching|worth reading|worth seeing|worth playing",
    "worth a watch|worth a read|worth the|worth your|well worth|worth it|not worth|worthwhile|worthy of",
    "masterpiece*|is a triumph|triumph|is a must|miss it|don't miss|avoid|skip it|waste of|a failure|fails|succeeds|disappoint*",
    "i loved|i love|i liked|i enjoyed|i really enjoyed|i hated|i highly|loved it|enjoyed it|hated it|i was bored|i couldn't put",
    "instant classic|a classic|a gem|a delight|a treat|a joy|a mess|a bore|a success|a must|a pleasure|a winner|a dud|a chore",
    "if you like|if you love|if you enjoy|fans of|fans will|for fans|anyone who|do yourself a favo*|give it a|check it out",
    "if you're looking for|if you are looking for|if you're a fan|if you are a fan|if you're new to|if you are new to|for newcomers|newcomers will|will serve you|serve you well",
    "will appreciate|will enjoy|will love|you'll love|you'll enjoy|you will love|you will enjoy|well spent|your money|not for everyone|isn't for everyone",
    "is a film that|is a book that|is an album that|is a game that|as a whole",
    "recomendável|vale a compra|vale a leitura|vale o preço|vale cada|não vale|sem medo|para quem gosta|se você gosta|si te gusta|para los fans|para os fãs|pour les fans|recomendáve*|recomendad*|deve jogar|devem jogar|vale muito|valeu a pena|aposta|não perca|muss man|sollte man|kaufempfehlung",
    "à ne pas manquer|incontournable*|je conseille|conseillé*|no te pierdas|hay que ver|da vedere|da leggere|assolutamente",
    "insgesamt|alles in allem|empfehl*|meisterwerk|fazit|lohnt sich|enttäusch*|lesenswert|sehenswert|hörenswert",
    "en somme|au final|chef d'œuvre|chef d'oeuvre|je recommande|à voir|à lire|déçu|décevant|coup de cœur|une réussite",
    "en resumen|en definitiva|obra maestra|recomiendo|recomendable|imprescindible|decepcion*|vale la pena|merece la pena",
    "in definitiva|nel complesso|capolavoro|consiglio|consigliato|imperdibile|delude|em suma|no geral|obra prima|recomendo",
    "al met al|kortom|meesterwerk|aanrader|sammantaget|mästerverk|rekommender*|kaiken kaikkiaan|suosittelen|podsumowując|polecam",
];

const RANK: &[&str] = &[
    "one of the best|one of the worst|one of my favo*|the best|the worst|favorite|favourite|of the year|of the decade|of all time",
];

const HEDGE: &[&str] =
    &["don't know|not sure|can't say|i wonder|i guess|i suppose|would stand|was hoping|were expecting|do not know"];

const WORK: &[&str] = &[
    "film|films|movie|movies|picture|flick|documentary|sequel|prequel|remake|adaptation|series|show|season|thriller|comedy|drama",
    "book|books|novel|novels|novella|story collection|memoir|biography|read|author|prose|comic|graphic novel",
    "album|albums|record|lp|ep|song|songs|track|tracks|release|debut|band|single|game|games|gameplay|title|expansion|dlc",
    "restaurant|place|hotel|meal|food|service|café|cafe|bar|menu|play|musical|production|performance|performances|director",
    "buch|roman|spiel|platte|serie|livre|jeu|disque|película|pelicula|libro|juego|disco|filme|livro|jogo|boek|bok|kirja|elokuva",
];

const OUTCOME: &[&str] = &[
    "dies|killed|kills|killer is|murderer|murdered|murders|suicide|kills himself|kills herself|shot dead|beheaded|stabbed",
    "'s death|his death|her death|their death|death of|dead body|passes away|passed away|sacrifices|sacrificed|funeral",
    "the twist|plot twist|plot twists|final twist|big twist|twist ending|twist is|twist at|a twist that|the reveal|big reveal",
    "reveal|reveals|revealed|is revealed|revelation that|turns out|turned out|turn out|turning out|ends up|winds up|wind up",
    "end up|ended up|ends with|ended with|end with|ends in|ending up|it ends|film ends|movie ends|book ends|story ends|novel ends",
    "leaves him|leaves her|left him|left her|breaks up|break up|broke up|breakup|break up with|outgrow*|gets married|get married",
    "marries|married in the|reunite*|betray*|confesses|discovers that|discover that|discovers he|discovers she|discovers the",
    "learns that|learn that|learns the|realizes that|realises that|realizes he|realizes she|realises he|realises she|finds out",
    "find out that|found out that|all along|was actually|is actually the|is really the|comes back to life|happily ever after",
    "cliffhanger|defeats|true identity|real identity|real killer|the culprit|secretly|pregnant|his fate|her fate|their fate",
    "cheats on|is arrested|gets arrested|goes to prison|is caught|gets caught|escapes|survives|the truth about|the truth is",
    "are dead|is dead|was dead|were dead|survive the|survived the|doesn't survive|didn't survive|turns into a|transforms into|double cross*|ultimate sacrifice|wins the|loses the|saves the day|save the day|avenge*",
    "murder*|assassinat*|sacrifice|reunion|arrest|wedding|his birth|her birth|baby birth|baby's birth|villain win|villain wins",
    "bad guy wins|bad guys win|good guys win|hero wins|alive|killing off|killed off|kill off|killing of|to die|die for|die in|die at",
    "die together|dying|demise|all a dream|just a dream|only a dream|surprise return|return of the|walks away|walk away from|for good",
    "was a dream|were a dream|never comes home|never comes back|never came home|never come home|never returns|never see each other|gives up his life|gives up her life|gave his life|gave her life|gives his life|gives her life",
    "lost everything|loses everything|lose everything|the whole time he|the whole time she|dead the whole|was the killer|is the killer",
    "was the thief|was behind|is behind it all|realises her|realises his|realizes her|realizes his|realise that|realize that",
    "secret about|the secret|big secret|dark secret|identity of|secret identity|unmask*|impostor|imposter|traitor|double agent|duped|been tricked|been lying|been lied to",
    "long lost|resurrect*|poisoned|overdose|drowned|drowning|drowns|hanged|funeral|miscarriage|proposes to|is innocent|was innocent",
    "moment when|moment where|moment in which|scene where|scene in which|scene when|scenes where|part where|bit where|point where he",
    "decision to stay|decision to leave|decides to stay|decides to leave|never recovers from|his loss|her loss|goes to jail",
    "jailed|imprisoned|shot in the head|gets shot|was shot and|got shot|is shot|blown up|blows up|explodes|crashes into",
    "stirbt|sterben|heiratet|heiraten|getötet|mörder|selbstmord|stellt sich heraus|meurt|meurtrier|tué|suicid*|se révèle être|muere|asesin*|resulta que",
    "muore|ucciso|assassin*|si scopre|morre|assassin*|descobre que|sterft|vermoord|dör|mördad|kuolee|umiera",
];

const ENDING: &[&str] = &[
    "ending|endings|finale|denouement|epilogue|climax|climactic|last scene|final scene|final scenes|closing scene|last shot",
    "final shot|final act|third act|last act|final minutes|last minutes|final moments|last moments|closing moments|final hour",
    "last hour|final battle|final showdown|final confrontation|final fight|final frame|final sequence|final chapter|last chapter",
    "final chapters|last chapters|final pages|last page|last pages|final page|final episode|last episode|final boss|last boss",
    "after the credits|post credits|post credit|mid credits|stinger|true ending|final image|final third|last third|closing shot|closing scenes|last twenty|last ten|last half|final half|at the end|by the end",
    "until the end|the end of the film|the end of the movie|the end of the book|the end of the story|end of the novel|the very end",
    "towards the end|toward the end|near the end|end of the game|its conclusion|conclusion of|the conclusion to|the resolution",
    "in the end he|in the end she|in the end they|ultimately he|ultimately she|ultimately they|eventually he|eventually she",
    "eventually they|credits roll|credits rolled|closes the film|closes the book|tragic end|bittersweet end|climaxes|at its end|the end when|when it ends|the way it ends|how it ends|the end is|the end was|inevitable end|comes to an end|come to an end|came to an end",
    "das ende|zum schluss|zum ende|am schluß|am ende|am schluss|la fin|à la fin|el final|al final|il finale|alla fine|o final|no final|het einde|slutet|loppu",
];

const HARMLESS: &[&str] = &[
    "ended up loving|ended up liking|ended up enjoying|end up loving|ended up being one of|never ending",
    "at the end of the day|killed it|to die for|comes alive|come alive|came alive|coming alive|feel alive|feels alive|alive with",
    "most alive|so alive|murder mystery|murder mysteries|dying to|is shot in|is shot on|is shot with|worth the return of the",
    "in the end the album|in the end i|in the end the book|in the end the novel|turns out well|turn out well|turned out great|turned out well",
];

const PAGE: &[&str] = &[
    "read more|continue reading|click|subscribe|share this|leave a reply|leave a comment|log in|log out|posted on|posted by|comments",
    "follow me|my blog|this blog|review of|reviews of|new york times|this site|this website|this page|my review|this review|my reviews|previous review|other reviews",
    "full review|read my|in my review|this post|this podcast|podcast|newsletter|patreon|affiliate|giveaway|netgalley|review copy",
    "advance copy|advanced copy|exchange for an|honest review|provided by the publisher|provided me|sent me a copy|thanks to the",
    "thank you to|image credit|photo by|photo credit|copyright|all rights reserved|youtube channel|youtube|instagram|facebook",
    "twitter|goodreads|letterboxd|imdb|rotten tomatoes|metacritic|leave a response|sign up|isbn|running time|release date",
    "this article|this entry|last week's|next week|stay tuned|let me know|tell me what|what did you think|what do you think",
    "have you seen|have you read|reviewed by|written by|directed by|available on|available now|available from|available at",
    "pre order|buy it here|order it|link below|links below|see below|as mentioned above|mentioned above|above mentioned|as i said",
    "like i said|as i've said|as i've mentioned|i've already said|as i mentioned|i mentioned|aforementioned|stars out|out of five|out of ten|out of 5|out of 10|one star|two stars",
    "three stars|four stars|five stars|half stars|and a half stars|1 star|2 stars|3 stars|4 stars|5 stars|i give it|i'd give|i'll give",
    "i gave it|rating of|my rating|final rating|final score|thumbs up|thumbs down|welcome to|guest post|see also|trailer",
    "thanks for reading|thank you for reading|wishlist|coming soon|please|on steam|happy reading|publisher's weekly|reviewers|other reviewers|the reviews|reading reviews|read reviews|content warning|content warnings",
    "trigger warning|trigger warnings|in this column|disclaimer|disclosure|sponsored|discount|coupon|promo|source image",
];

const BACKWARD: &[&str] = &[
    "the former|the latter|this one|that one|these two|those two|the same thing|such a thing|not only that|on that note",
    "that's why|that is why|this is why|that's what|that's how|this is where|this is what|the other hand|for this reason",
    "for that reason|for that matter|that being said|having said that|with that said|the following|as follows|in this case",
    "neither of them|both of them|one of them|some of them|at this point|like that|do that|did that|does that|in that regard",
    "in this regard|in that sense|in this sense|this point|that point|of course not|these moments|in this way|in that way",
    "the second one|the first one|another one|the others|this scene|that scene|these scenes|this character|that character",
    "those characters|these characters|this time around|that happen|the above|saying that|that's what's|this idea|that idea|this question|this moment",
];

const PRAISE: &[&str] = &[
    "find flaws|find faults|find any flaws|find any fault|no flaws|flawless*|faultless|without fault|can't fault|cannot fault|can't actually fault|can't really fault|find flaws but i just can't|hard to fault|nothing i would change|blown away|blew me away|well done|spot on|on point|steals the",
    "stole the show|steals every|couldn't put it down|can't recommend|tour de force|second to none|never a dull|not a dull",
    "page turner|hits the mark|hit the mark|pays off|worth every|holds up|stands out|standout|knocks it|knocked it|top notch",
    "first rate|edge of my seat|edge of your seat|pitch perfect|better than i expected|exceeded my|lives up|lived up|gripping",
    "compelling|engrossing|immersive|heartfelt|hooked|absorbing|nuanced|unforgettable|catchy|riveting|couldn't stop|laugh out loud",
    "diversão|ousad*|válid*|viciante*|ótima|grandios*|wunderschön*|klasse|disfrut*|plaisir|réussi*|magnifiques",
    "großartig|wunderbar|hervorragend|gelungen|magnifique|superbe|excellent|formidable|réussi|excelente|maravillos*|magistral",
    "stupendo|splendid*|ottim*|bellissim*|prachtig|geweldig|fantastisk|underbar|erinomainen|świetn*|maravilhos*|ótim*",
    "spannend*|witzig*|brillant*|überzeug*|fesselnd*|berührend*|toll|tolle|toller|tolles|genial*|unterhaltsam*|liebevoll*|stark|starke",
    "gut|gute|guter|gutes|schön|schöne|schöner|perfekt*|beste|besten|passionnant*|captivant*|touchant*|émouvant*|drôle|efficace",
    "réussie|très bon|très bonne|très beau|belle|adoré|j'ai aimé|meilleur*|brillante|emocionant*|divertid*|buen|buena|bueno|mejor",
    "mejores|gran|estupend*|genial|perfect*|encant*|entretenid*|muy bien|bom|muito boa|muito boas|é boa|são boas|bons|melhor|melhores|excelentes|divertido",
    "incrível|incríveis|perfeit*|adorei|gostei|impressionant*|bello|bella|migliore|migliori|emozionante|divertente|avvincente",
    "riuscit*|bravissim*|mooi|mooie|goed|goede|sterk|sterke|spannende|beste|boeiend|bra|bäst|bästa|rolig|spännande|stark|vacker",
    "hyvä|hieno|paras|upea|loistava|dobry|dobra|najleps*|wspaniał*|znakomit*|dobrý|nejlepší|skvěl*|výborn*|příjemn*|отличн*|прекрасн*",
    "лучш*|великолепн*|замечательн*|хорош*|=素晴らし|=最高|=面白い|=面白かった|=傑作|=感動|=良い作品|=精彩|=好看|=推荐|=推薦|=优秀|=感人",
    "=최고|=훌륭|=좋았|=추천|=재미있|=맛있",
];

const BLAME: &[&str] = &[
    "falls flat|fell flat|falls short|fell short|not worth|waste of|wasted|could have been|should have been|didn't work|doesn't work",
    "never quite|fails to|failed to|not funny|by the numbers|going through the motions|phoned in|paper thin|one note|too long",
    "overlong|overstays|drags|dragged|let down|letdown|lets down|underwhelm*|forgettable|uninspired|half baked|clunky|cliched",
    "clichéd|predictable|derivative|formulaic|tedious|bland|generic|lost interest|runs out of|nothing new|hard to care|don't care",
    "didn't care|not enough|less than|not a masterpiece|hardly a masterpiece|far from perfect|lacks|lacking|lacked|pointless",
    "langweilig|schwach|misslungen|vorhersehbar|ennuyeux|raté|décevant|aburrid*|decepcionante|floj*|noios*|deludente|chato",
    "saai|teleurstellend|tråkig|tylsä|nudn*|schlecht|schlechte|schlechter|zäh|platt|flach|unnötig*|nervig|leider|mauvais|mauvaise",
    "dommage|faible|lent|lente|malheureusement|muy mal|mal escrit*|mal hech*|mal actuad*|très mal|mal joué*|mal écrit*|mal feit*|malo|mala|peor|flojo|lento|lenta|lamentable|por desgracia|ruim|ruins|pior|fraco",
    "fraca|chata|infelizmente|decepciona|brutto|brutta|peggio|debole|purtroppo|slecht|slechte|zwak|helaas|dålig|dåligt|sämst|svag",
    "huono|heikko|słab*|niestety|špatn*|nudný|bohužel|плох*|скучн*|слаб*|разочаров*|=つまらな|=残念|=退屈|=无聊|=失望|=糟糕|=難看",
    "=아쉬|=지루|=실망|=별로",
];

const FACT: &[&str] = &[
    "nominated|nomination*|box office|budget of|released in|published in|born in|based on the|hits theaters|in theaters|opens in",
    "premiered|sold more|chart|on dvd|blu ray|stars as|starring|follow up to|tells the story of|the story of a|is about a|follows a",
    "the story follows|follows the|takes place|centers on|centres on|centers around|revolves around|the plot",
    "initially|before seeing|before watching|before reading|i expected|was expecting|going into this|going in|i thought|as a kid",
    "i read a|i vaguely|i remember|years ago|when i was|i grew up|the first time i|i picked up|i bought|i first heard|i got a copy",
    "set in the|set in a|begins with|opens with|starts with|the story begins|plays a|plays the",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn has(text: &str, cue: Cue) -> bool {
        Cues::of(&Words::new(text), "").has(cue)
    }

    #[test]
    fn phrases_match_whole_words_and_stems_match_beginnings() {
        assert!(has("Overall, I'd recommend it.", Cue::Verdict));
        assert!(has("The hero dies.", Cue::Outcome));
        assert!(!has("A comedy of bodies.", Cue::Outcome));
        assert!(has("She was betrayed.", Cue::Outcome));
        assert!(has("The film works.", Cue::Work));
    }

    #[test]
    fn under_a_negation_praise_is_blame_in_other_languages() {
        for (text, praises) in [
            ("Der Film ist spannend.", true),
            ("Der Film ist nicht spannend.", false),
            ("Ce film n'est pas mauvais.", true),
            ("La película no es divertida.", false),
            ("O jogo é divertido no geral.", true),
            ("Il film non è riuscito.", false),
        ] {
            assert_eq!(Cues::of(&Words::new(text), "").leaning() > 0.0, praises, "{text}");
        }
    }

    #[test]
    fn a_title_or_an_idiom_gives_nothing_away() {
        let words = Words::new("Murder at Noon is a gripping film.");
        assert!(Cues::of(&words, "").has(Cue::Outcome));
        assert!(!Cues::of(&words, " murder at noon ").has(Cue::Outcome));
        assert!(!has("The songs are to die for.", Cue::Outcome));
    }
}
