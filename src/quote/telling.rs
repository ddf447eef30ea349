//! What a sentence tells of the story: the second gate against spoilers.
//!
//! A sentence with an outcome cue, an event that befalls a character, or plot told late is kept back. It
//! fails closed: where in doubt, the sentence stays out. Marked stretches are for [`super::spoiler`].

use std::sync::LazyLock;

use crate::model::WorkKind;

use super::{
    cue::{Cue, Cues},
    words::{WordSet, Words},
};

/// Verbs in the present tense by which plots are told.
const EVENTS: &[&str] = &[
    "finds find discovers meets meet falls fall decides decide tries try goes go becomes become takes gets begins",
    "begin starts moves returns return learns saves fights fight joins attempts struggles follows runs arrives",
    "sees tells asks says wants needs lives works hires helps realizes realises agrees refuses travels visits",
    "enters hides steals calls believes thinks loses lose wins win grows grow turns comes gives sends brings",
    "receives accepts attacks chases hunts searches seeks stumbles witnesses purchases buys sells invites",
    "encounters befriends seduces sleeps wakes awakes embarks sets heads spends plans hopes vows dreams remembers",
    "forgets suspects investigates uncovers faces confronts convinces forces must kisses develops develop drives",
    "walks sits writes reads hears lies promises threatens breaks chooses picks",
];

/// Verbs after which nothing is as before: an outcome wherever a character is their subject.
const TURNS: &[&str] = &[
    "leaves dies kills outgrows betrays marries reunites escapes survives sacrifices confesses disappears",
    "vanishes defeats destroys murders rescues shoots stabs hangs drowns abandons divorces cheats dumps collapses",
    "perishes triumphs surrenders succumbs commits forgives poisons leave escape survive marry left died escaped",
    "survived married disappeared vanished divorced killed betrayed stole poisoned murdered stabbed drowned confessed",
];

/// Who acts in plots without a name.
const ROLES: &[&str] = &[
    "he she they who couple girl boy hero heroine protagonist narrator father mother brother sister son daughter wife",
    "husband boyfriend girlfriend lover lovers brothers sisters parents king queen prince princess captain detective",
    "killer murderer mentor companion pilot nurse priest soldier widow stranger friends twins everyone nobody",
];

/// What a critic feels about something that happens: "I was glad that she goes" tells that she does.
const FEELINGS: &[&str] =
    &["love loved like liked hate hated glad happy sad sorry annoyed angry relieved pleased surprised shocked"];

static FEELING: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(FEELINGS));
static ROLES_SET: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(ROLES));
static HAPPENING: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(EVENTS));
static TURNING: LazyLock<WordSet> = LazyLock::new(|| WordSet::of(TURNS));

/// What a sentence tells of the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Telling {
    /// Nothing that gives away.
    Safe,
    /// Plot of the premise: no spoiler, but not the critic's voice either.
    Plot,
    /// An outcome, or plot so late that it may be one.
    Spoiler,
}

/// From this share of the text on, plot is late.
const LATE: f32 = 0.4;

/// What a sentence is judged by, besides its words.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    /// Albums, places and things tell no story.
    pub kind: Option<WorkKind>,
    /// Opinion (towards 1) rather than plot (towards -1).
    pub opinion: f32,
    /// It clearly praises or blames.
    pub judging: bool,
    /// Share of the text before it.
    pub place: f32,
    /// Whether the opinion table knows the language. In others only a word of praise or blame shows that it
    /// is the critic who speaks.
    pub english: bool,
    /// Names of those who made the work: their doings are no plot.
    pub known: &'a [String],
}

/// Judges a sentence.
pub(super) fn telling(words: &Words, cues: Cues, context: Context<'_>) -> Telling {
    let Context { kind, opinion, judging, place, english, known } = context;
    if matches!(kind, Some(WorkKind::Album | WorkKind::Other)) {
        return Telling::Safe;
    }
    let judges = [Cue::Verdict, Cue::Praise, Cue::Blame].iter().any(|cue| cues.has(*cue));
    if cues.has(Cue::Outcome) || cues.has(Cue::Ending) {
        return Telling::Spoiler;
    }
    let events = events(words, known);
    if events.turns > 0 {
        return Telling::Spoiler;
    }
    if !english {
        return if judges { Telling::Safe } else { Telling::Plot };
    }
    // A few words of praise or blame, with nobody who does anything, may sound like plot to the table.
    let narrated = opinion < -0.25 && !(judging && events.steps == 0 && opinion > -0.6);
    let plot = narrated || (events.steps > 0 && opinion < 0.15) || (events.steps > 1 && opinion < 0.5);
    match plot {
        true if place > LATE => Telling::Spoiler,
        true => Telling::Plot,
        false => Telling::Safe,
    }
}

struct Events {
    steps: usize,
    turns: usize,
}

/// Counts what characters do: an event verb after a pronoun or an unknown name.
fn events(words: &Words, known: &[String]) -> Events {
    let mut events = Events { steps: 0, turns: 0 };
    for at in 1..words.len() {
        let turn = TURNING.has(words.key(at));
        if !(turn || HAPPENING.has(words.key(at))) {
            continue;
        }
        // An adverb may stand between the two: "she finally leaves".
        let actor = (1..=2.min(at)).map(|back| at - back).find(|&subject| {
            (subject + 1 == at || words.get(at - 1).ends_with("ly")) && is_character(words, subject, known)
        });
        if let Some(subject) = actor {
            let felt = subject > 1 && words.get(subject - 1) == "that" && FEELING.has(words.key(subject - 2));
            if turn || felt { events.turns += 1 } else { events.steps += 1 }
        }
    }
    events
}

fn is_character(words: &Words, at: usize, known: &[String]) -> bool {
    let word = words.get(at);
    if ROLES_SET.has(words.key(at)) {
        return true;
    }
    let named = words.is_upper(at) && at > 0 && word.len() > 2;
    named && word != "i'm" && !known.iter().any(|name| name == word)
}

#[cfg(test)]
mod tests;
