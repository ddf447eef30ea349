//! How likely a sentence is to be a critic's judgement of this work, and what there is in it: a side, a verdict, reasons.
//! What that is worth to a quote is for [`merit`](super::merit) to say.
//!
//! The chance is a logistic sum of features. The weights are set by hand, in round numbers, after what research
//! found to matter (docs/quotes.md); only the tables of opinion, praise and favour behind them are trained.

use std::sync::LazyLock;

use crate::model::WorkKind;

use super::{
    aspect,
    clean::is_number,
    cue::{Cue, Cues},
    merit::{Merit, Traits, Wording, logistic},
    polarity,
    weights::{Reading, Weights},
    words::{WordSet, Words},
};

/// What is known of a sentence before windows are made.
#[derive(Debug, Clone, Copy)]
pub(super) struct Judgement {
    /// Chance that it judges the work, 0 to 1.
    pub chance: f32,
    /// What there is in it that counts for a quote.
    pub traits: Traits,
    /// What that is worth: nothing until [`settle`](Self::settle) has told it the review's side.
    pub merit: Merit,
    /// It names this work, or its kind.
    pub about: bool,
    /// It weighs one thing against another.
    pub weighs: bool,
}

/// Where a sentence stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Share of the text before it, 0 to 1.
    pub share: f32,
    /// It is the text's last.
    pub last: bool,
    /// It stands in the text's last paragraph.
    pub closing: bool,
    /// The share of words known to the tables is that of English text.
    pub english: bool,
}

/// An evaluative word counts for an aspect word this near.
const NEAR: usize = 6;
/// A side as strong as this is taken.
const SIDED: f32 = 0.4;

/// Judges a sentence.
pub(super) fn judge(
    text: &str,
    words: &Words,
    cues: Cues,
    place: Place,
    kind: Option<WorkKind>,
    (names, title): (&[String], &str),
) -> Judgement {
    let reading = Weights::shipped().read(words);
    let opinion = opinion(reading, words, place.english);
    let polarity = if place.english { polarity::of(words, cues) } else { cues.leaning() };
    let weights = Weights::shipped();
    let mention = mention_of_work(words, title);
    // Where the tables know nothing, a verdict on the work is a sign of opinion too.
    let verdict_abroad = !place.english && cues.has(Cue::Verdict) && (mention.is_some() || cues.has(Cue::Work));
    let idiom = cues.has(Cue::Praise) || cues.has(Cue::Blame) || verdict_abroad;
    let known = |at: &usize| place.english && weights.lexicon(words.key(*at)) != 0;
    let charged: Vec<usize> = (0..words.len()).filter(known).collect();
    let evaluative = if place.english { charged.len() + usize::from(idiom) } else { cues.charged() };
    let aspects = (0..words.len()).filter(|&at| aspect::is_aspect_word(kind, words.key(at))).collect::<Vec<_>>();
    // Who remembers speaks of other things.
    let remembers = cues.has(Cue::Fact) && words.keys().iter().any(|key| SELF.has(*key)) && mention.is_none();
    let aspects: &[usize] = if remembers { &[] } else { &aspects };
    let reasons =
        aspects.iter().filter(|a| idiom || charged.iter().any(|c| a.abs_diff(*c) <= NEAR)).count().min(3) as u8;
    let density = evaluative as f32 / (words.len() as f32 + 4.0);
    let pointed = mention.is_some() || names_maker(words, names);
    let meant = pointed || nominal(words);
    let about = meant || cues.has(Cue::Work);
    let verdict = cues.has(Cue::Verdict) || (cues.has(Cue::Rank) && (mention.is_some() || nominal(words)));
    let flag = |condition: bool| f32::from(u8::from(condition));
    let self_talk = words.keys().iter().filter(|key| SELF.has(**key)).count();
    let elsewhere = quotes_another_title(text, names, title);
    let length = (words.len() as f32 - 22.0).abs() / 22.0;
    let sum = -1.6
        + 2.0 * opinion
        + 1.2 * place.share
        + 0.4 * flag(place.last)
        + 0.3 * flag(place.closing)
        + 3.0 * density.min(0.4)
        + 0.25 * polarity.abs()
        + 0.2 * flag(cues.has(Cue::Work))
        + 0.35 * flag(pointed)
        + 0.9 * flag(verdict)
        + 0.5 * flag(reasons > 0)
        // Where the tables know nothing, the lists of praise and blame must do.
        + 1.0 * flag(idiom && !place.english)
        - 0.2 * (self_talk as f32).min(3.0)
        - 0.25 * length.min(1.5)
        - 0.7 * flag(text.contains('?'))
        - 0.6 * flag(cues.has(Cue::Fact))
        - 0.5 * flag(text.get(..text.len().min(30)).is_some_and(|t| t.contains(": ")))
        - 1.2 * flag(elsewhere)
        - 0.5 * flag(cues.has(Cue::Hedge))
        - 0.5 * flag(!about && reasons == 0)
        - 0.6 * flag(!pointed && self_talk > 0 && !verdict);
    let side = side(reading, polarity, words, cues, place.english);
    let predicated = words.keys().iter().any(|key| PREDICATING.has(*key));
    let stated = || mention.is_some_and(|at| predicates(words, at, &charged, title));
    let named = || names_itself(words, &charged);
    let liked = likes(words, title);
    let told = (polarity.abs() >= polarity::DECIDED && (stated() || named())) || liked;
    let early = mention.is_some_and(|at| at < 8 || at * 2 < words.len());
    let summed = cues.has(Cue::Verdict) && (meant || !place.english) && (side.abs() > SIDED || opinion > 0.6);
    let whole = !cues.has(Cue::Hedge)
        && (summed || told || (side.abs() > SIDED && ((early && predicated) || (verdict && meant))));
    let traits = Traits {
        opinion,
        share: place.share,
        closing: flag(place.closing),
        density,
        charged: if place.english { charged.len() } else { evaluative }.min(5) as f32,
        polarity,
        side,
        about: flag(about),
        pointed: flag(pointed),
        verdict: flag(verdict),
        whole: flag(whole),
        liked: flag(liked),
        reasons: f32::from(reasons),
        hedges: flag(cues.has(Cue::Hedge)),
        elsewhere: flag(elsewhere),
        idiom: flag(idiom && !place.english),
        self_talk: (self_talk as f32).min(3.0),
        kinds: flag(!pointed && !cues.has(Cue::Rank) && words.keys().iter().any(|key| KINDS.has(*key))),
        wording: Wording::of(words, |word| {
            names.iter().any(|name| name == word) || title.split(' ').any(|part| part == word)
        }),
    };
    let weighs = charged.len() > 1 && words.keys().iter().any(|key| WEIGHING.has(*key));
    Judgement { chance: logistic(sum), traits, merit: Merit::default(), about, weighs }
}

impl Judgement {
    /// Takes the review's side into account: -1 for blame to 1 for praise.
    pub fn settle(&mut self, stance: f32) {
        self.merit = self.traits.merit(stance);
    }
}

/// The side a sentence takes, from the lexicon, from what critics' sentences of praise and blame sound like, and from
/// what stands in reviews that praise and in reviews that blame.
fn side(reading: Reading, polarity: f32, words: &Words, cues: Cues, english: bool) -> f32 {
    let count = words.len() as f32;
    if !english {
        return 2.0 * polarity;
    }
    let idioms = f32::from(i8::from(cues.has(Cue::Praise)) - i8::from(cues.has(Cue::Blame)));
    polarity + 1.2 * reading.praise / (6.0 + 0.5 * count) + 0.5 * reading.favour / (3.0 + 0.3 * count) + 0.4 * idioms
}

/// Opinion against plot, brought to -1..1 whatever the length. In a language that the table does not know
/// there is nothing to be read from it, and every sentence stands at 0.3.
pub(super) fn opinion(reading: Reading, words: &Words, english: bool) -> f32 {
    if !english {
        return 0.3;
    }
    (reading.opinion / (3.0 + 0.7 * words.len() as f32)).tanh()
}

/// Where this work is spoken of: by its title (words with a space at both ends), or as "the film".
pub(super) fn mention_of_work(words: &Words, title: &str) -> Option<usize> {
    let titled = (title.len() > 2).then(|| words.text().match_indices(title)).into_iter().flatten();
    // A title of one word may be a common one: "Her is a delight", but "Her eyes".
    let single = !title.trim().contains(' ');
    let length = title.trim().split(' ').count();
    let titled = titled
        .map(|(byte, _)| words.at_byte(byte + 1))
        // "Deep water is a danger" need not speak of a book called "Deep Water".
        .filter(|&at| length == 1 || (1..length).any(|n| words.is_upper(at + n) || is_number(words.get(at + n))))
        .find(|&at| !single || (words.is_upper(at) && (at > 0 || PREDICATING.has(words.key(at + 1)))));
    let pointed = (1..words.len()).find(|&at| POINTING.has(words.key(at - 1)) && NAMES_OF_WORKS.has(words.key(at)));
    titled.into_iter().chain(pointed).min()
}

/// Whether one who made the work, or a title of one word, is named.
fn names_maker(words: &Words, names: &[String]) -> bool {
    (0..words.len()).any(|at| words.is_upper(at) && names.iter().any(|n| n == words.get(at)))
}

/// "The film is a moving piece": of the work mentioned at a place something is said that is praise or blame.
fn predicates(words: &Words, at: usize, charged: &[usize], title: &str) -> bool {
    let length = if NAMES_OF_WORKS.has(words.key(at)) { 1 } else { title.trim().split(' ').count() };
    let end = at + length;
    let verb = (end..(end + 3).min(words.len())).find(|&verb| STATING.has(words.key(verb)));
    verb.is_some_and(|verb| charged.iter().any(|&word| verb < word && word <= verb + NEAR))
}

/// "I loved it", "I would recommend this book": what the critic thinks of the whole.
fn likes(words: &Words, title: &str) -> bool {
    (0..words.len()).any(|at| {
        let object = words.get(at + 1);
        LIKING.has(words.key(at))
            && (words.get(at.wrapping_sub(1)) == "i"
                || words.get(at.wrapping_sub(2)) == "i"
                || words.get(at.wrapping_sub(3)) == "i")
            && (object == "it"
                || (POINTING.has(words.key(at + 1)) && NAMES_OF_WORKS.has(words.key(at + 2)))
                || (title.len() > 2 && words.text()[words.start(at + 1) - 1..].starts_with(title)))
    })
}

/// "A tender, funny film about growing old.": the work is what the whole sentence is.
fn nominal(words: &Words) -> bool {
    matches!(words.get(0), "a" | "an" | "one" | "definitely" | "truly" | "simply" | "easily" | "overall")
        && (1..words.len().min(12)).any(|at| NAMES_OF_WORKS.has(words.key(at)))
}

/// "This is an astounding album", "A tender, funny film": what the work is called is praise or blame.
fn names_itself(words: &Words, charged: &[usize]) -> bool {
    let named = |start: usize| {
        let end = words.len().min(start + 10);
        let noun = (start..end).find(|&at| NAMES_OF_WORKS.has(words.key(at)));
        noun.is_some_and(|noun| charged.iter().any(|&at| start <= at && at < noun))
    };
    let article = |at: usize| matches!(words.get(at), "a" | "an" | "one" | "the");
    let stated = (0..words.len().min(12)).any(|at| match (words.get(at), words.get(at + 1)) {
        // Who contracts is brief: "It's a delight" has no noun for the work.
        ("it's" | "that's", _) => article(at + 1),
        ("it" | "this", "is" | "was") => article(at + 2) && named(at + 2),
        _ => false,
    });
    stated || (article(0) && words.get(0) != "the" && named(0))
}

/// Words by which something is said of the work.
static PREDICATING: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(&["is was isn't wasn't has had does loved love recommend enjoyed delivers makes remains"])
});
/// Words after which stands what the work is.
static STATING: LazyLock<WordSet> =
    LazyLock::new(|| WordSet::of(&["is was isn't wasn't remains feels felt proves proved"]));
/// Words of liking and disliking.
static LIKING: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(&["love loved like liked enjoy enjoyed adore adored hate hated dislike disliked recommend devoured"])
});
/// Words of one who speaks of himself, or to the reader.
static SELF: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(&["i my me i've i'd i'm you your"]));
/// What stands before a work that is pointed at.
static POINTING: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(&["the this"]));
/// [`WORKS`], to be asked by key.
static NAMES_OF_WORKS: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(WORKS));

/// Works of a kind, of which something is said that need not hold for this one.
static KINDS: LazyLock<WordSet> = LazyLock::new(|| {
    WordSet::of(&[
        "films movies sequels prequels remakes reboots thrillers comedies books novels memoirs albums records games shows",
    ])
});
/// Words by which one thing is weighed against another.
static WEIGHING: LazyLock<WordSet> =
    LazyLock::new(|| WordSet::of(&["but though although while whilst yet however despite unfortunately nevertheless"]));

/// What a work is called where it is pointed at.
pub(super) const WORKS: &[&str] = &[
    "film",
    "movie",
    "picture",
    "documentary",
    "series",
    "show",
    "season",
    "episode",
    "book",
    "novel",
    "novella",
    "memoir",
    "story",
    "collection",
    "comic",
    "album",
    "record",
    "ep",
    "lp",
    "single",
    "game",
    "sequel",
    "adaptation",
    "remake",
    "restaurant",
    "place",
    "hotel",
    "play",
    "production",
    "release",
    "thriller",
    "comedy",
    "drama",
    "work",
    "installment",
    "entry",
    "volume",
    "title",
    "read",
];

/// Whether a title in quotation marks stands there that is not this work's: another work, or one song of
/// an album, where the whole is to be judged.
fn quotes_another_title(text: &str, names: &[String], work: &str) -> bool {
    let mut rest = text;
    if memchr::memchr2(b'"', "“".as_bytes()[0], text.as_bytes()).is_none() {
        return false;
    }
    while let Some(open) = rest.find(['“', '"', '‘']) {
        let single = rest[open..].starts_with('‘');
        let inner = rest[open..].trim_start_matches(['“', '"', '‘']);
        let close = if single { closing_single(inner) } else { inner.find(['”', '"']) };
        let Some(close) = close else { return false };
        let title = Words::new(&inner[..close]);
        let capital = title.len() <= 6 && title.is_upper(0) && (title.len() == 1 || title.is_upper(title.len() - 1));
        let ours = work.contains(title.text()) || title.iter().any(|w| names.iter().any(|n| n == w));
        if capital && !ours {
            return true;
        }
        rest = inner[close..].trim_start_matches(['”', '"', '’']);
    }
    false
}

/// Where a single quotation mark closes: the first that is no apostrophe within a word.
fn closing_single(text: &str) -> Option<usize> {
    let mut marks = text.match_indices('’');
    marks.find(|(at, mark)| !text[at + mark.len()..].starts_with(char::is_alphanumeric)).map(|(at, _)| at)
}
