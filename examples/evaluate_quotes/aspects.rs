//! Aspects and their polarity on sentences marked by people: the corpus of charlieegan3/rescore (GPL-3: evaluation
//! only; nothing of it is copied or trained on).
//!
//! Every second file, in the order of their names, is the half to tune by; the other half is only measured.
//! `PULLQUOTE_SHOW=1` prints the mistakes of the first half.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use pullquote::{model::WorkKind, quote::opinions};
use serde_json::Value;

use super::{Folders, files_below};

/// Aspects as marked, with what they are called here: rescore's "plot" takes in characters, its "cinematography" and
/// "vision" direction and effects, its "dialog" humour. Film, novelty, credibility and concept have no counterpart.
const CLASSES: [(&str, &[&str], &[&str]); 7] = [
    ("acting", &["cast"], &["acting"]),
    ("story", &["plot", "ploty"], &["story", "characters"]),
    ("look", &["cinematography", "vision", "effects"], &["look", "direction", "effects"]),
    ("music", &["sound"], &["music"]),
    ("script", &["dialog"], &["script", "humour"]),
    ("editing", &["editing"], &["editing"]),
    ("pace", &["length"], &["pace"]),
];

#[derive(Default, Clone, Copy)]
struct Counts {
    hit: usize,
    missed: usize,
    wrong: usize,
}

impl Counts {
    fn print(self, name: &str) {
        let (hit, missed, wrong) = (self.hit as f64, self.missed as f64, self.wrong as f64);
        let (precision, recall) = (hit / (hit + wrong).max(1.0), hit / (hit + missed).max(1.0));
        let f1 = 2.0 * hit / (2.0 * hit + missed + wrong).max(1.0);
        println!("  {name:8} P {precision:.2} R {recall:.2} F1 {f1:.3}  ({} marked)", self.hit + self.missed);
    }
}

/// Marked aspects with a sign, and what was made of them.
#[derive(Default, Clone, Copy)]
struct Signs {
    all: usize,
    decided: usize,
    right: usize,
}

#[derive(Default)]
struct Half {
    classes: BTreeMap<&'static str, Counts>,
    signs: Signs,
    sentences: usize,
}

pub fn measure(folders: &Folders) -> anyhow::Result<()> {
    let Some(folder) = folders.rescore() else { return Ok(()) };
    let show = std::env::var("PULLQUOTE_SHOW").is_ok();
    let mut halves = [Half::default(), Half::default()];
    let files = files_below(&folder)?.into_iter().filter(|path| path.extension().is_some_and(|e| e == "json"));
    for (n, path) in files.enumerate() {
        let text = std::fs::read_to_string(&path).with_context(|| path.display().to_string())?;
        let review: Value = serde_json::from_str(&text).with_context(|| path.display().to_string())?;
        let title = review["title"].as_str().unwrap_or("");
        for sentence in review["annotated_sentences"].as_array().into_iter().flatten() {
            count(sentence, title, &mut halves[n % 2], show && n % 2 == 0);
        }
    }
    let [tuned, apart] = halves;
    report("half to tune by", &tuned);
    report("half kept apart", &apart);
    report("both", &joined(tuned, &apart));
    Ok(())
}

fn count(sentence: &Value, title: &str, half: &mut Half, show: bool) {
    let text = sentence["text"].as_str().unwrap_or("");
    let found = opinions(text, Some(WorkKind::Film), title);
    let marked: Vec<(&str, i64)> =
        sentence["aspects"].as_object().into_iter().flatten().map(|(k, v)| (k.as_str(), sign(&v["score"]))).collect();
    half.sentences += 1;
    for (class, theirs, ours) in CLASSES {
        let gold: BTreeSet<i64> =
            marked.iter().filter(|(name, _)| theirs.contains(name)).map(|(_, sign)| *sign).collect();
        let said: Vec<f32> = found.iter().filter(|o| ours.contains(&o.aspect)).map(|o| o.polarity).collect();
        let counts = half.classes.entry(class).or_default();
        match (!gold.is_empty(), !said.is_empty()) {
            (true, true) => counts.hit += 1,
            (true, false) => counts.missed += 1,
            (false, true) => counts.wrong += 1,
            (false, false) => {}
        }
        if show && gold.is_empty() != said.is_empty() {
            println!("{} {class}: {text}", if said.is_empty() { "missed" } else { "wrong " });
        }
        // Of what two parts of one sentence say, only what is marked alike can be measured.
        let signs: Vec<i64> = gold.into_iter().filter(|sign| *sign != 0).collect();
        if let ([sign], false) = (&signs[..], said.is_empty()) {
            let strongest = said.into_iter().max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap_or(0.0);
            let opinion = pullquote::quote::Opinion { aspect: class, polarity: strongest };
            half.signs.all += 1;
            half.signs.decided += usize::from(opinion.is_decided());
            let right = opinion.is_decided() && (strongest > 0.0) == (*sign > 0);
            half.signs.right += usize::from(right);
            if show && !right {
                println!("sign {sign} {strongest:+.2} {class}: {text}");
            }
        }
    }
}

/// A mark's sign; it is written as a number or as text.
fn sign(score: &Value) -> i64 {
    score.as_i64().or_else(|| score.as_str()?.trim().parse().ok()).unwrap_or(0).signum()
}

fn joined(mut a: Half, b: &Half) -> Half {
    for (class, counts) in &b.classes {
        let sum = a.classes.entry(class).or_default();
        sum.hit += counts.hit;
        sum.missed += counts.missed;
        sum.wrong += counts.wrong;
    }
    a.sentences += b.sentences;
    a.signs.all += b.signs.all;
    a.signs.decided += b.signs.decided;
    a.signs.right += b.signs.right;
    a
}

fn report(name: &str, half: &Half) {
    println!("{name}: {} sentences", half.sentences);
    let mut micro = Counts::default();
    for (class, counts) in &half.classes {
        counts.print(class);
        micro.hit += counts.hit;
        micro.missed += counts.missed;
        micro.wrong += counts.wrong;
    }
    micro.print("micro");
    let Signs { all, decided, right } = half.signs;
    let share = |part: usize, of: usize| part as f64 / of.max(1) as f64;
    println!(
        "  polarity right when decided {:.3} ({right} of {decided}); undecided {:.3} of {all}",
        share(right, decided),
        share(all - decided, all)
    );
}
