//! Measures how well reviews run together are parted. For development: the reviews are not part of the project, and
//! nothing is trained on them or tuned by the test half.
//!
//! `cargo run --release --example measure_voices -- FOLDER [train|test] [FILMS] [-v]`
//!
//! FOLDER has the layout of the Large Movie Review Dataset (Maas et al. 2011): `{train,test}/{pos,neg}/ID_STARS.txt`
//! and `urls_{pos,neg}.txt`, whose line ID names the film. Reviews of one film, 4 to 25 of them, are joined by a
//! space, their paragraphs by nothing, the way page scrapers leave them. A boundary counts as found within 3 bytes.

use std::{collections::BTreeMap, fs, path::Path};

use pullquote::read::split::{boundaries, voices};

/// How far off a boundary may be, in bytes.
const TOLERANCE: usize = 3;

fn main() -> anyhow::Result<()> {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let verbose = args.iter().any(|arg| arg == "-v");
    args.retain(|arg| arg != "-v");
    let Some(folder) = args.first() else { anyhow::bail!("usage: measure_voices FOLDER [train|test] [FILMS] [-v]") };
    let half = args.get(1).map_or("test", String::as_str);
    let films: usize = args.get(2).map_or(Ok(300), |films| films.parse())?;
    let fewest: usize = args.get(3).map_or(Ok(4), |fewest| fewest.parse())?;
    let joined = joined(&Path::new(folder).join(half), films, fewest)?;
    let (mut all, mut certain) = (Count::default(), Count::default());
    let mut likely: Vec<(f64, bool)> = Vec::new();
    for (text, gold) in &joined {
        let found = voices(text);
        let cuts: Vec<usize> = found.iter().skip(1).map(|voice| voice.range.start).collect();
        let seams = found.iter().flat_map(|voice| voice.seams.iter().map(|seam| voice.range.start + seam));
        certain.add(&cuts, gold);
        all.add(&cuts.iter().copied().chain(seams).collect::<Vec<_>>(), gold);
        let at = boundaries(text);
        for (place, p) in &at {
            let right = gold.iter().any(|gold| gold.abs_diff(*place) <= TOLERANCE);
            likely.push((*p, right));
            if verbose && (right || *p >= 0.25) {
                let side = |range: std::ops::Range<usize>| text.get(range).unwrap_or("").to_owned();
                let mut from = place.saturating_sub(90);
                while !text.is_char_boundary(from) {
                    from += 1
                }
                let mut to = (place + 90).min(text.len());
                while !text.is_char_boundary(to) {
                    to -= 1
                }
                println!("{} {p:.2} {} || {}", if right { '+' } else { '-' }, side(from..*place), side(*place..to));
            }
        }
    }
    println!("{} films of {half}, {} boundaries", joined.len(), all.gold);
    println!("voices and seams: {all}");
    println!("voices alone:     {certain}");
    println!("by the best threshold: {}", best(likely, all.gold));
    Ok(())
}

#[derive(Default)]
struct Count {
    found: usize,
    gold: usize,
    right: usize,
}

impl Count {
    fn add(&mut self, found: &[usize], gold: &[usize]) {
        self.found += found.len();
        self.gold += gold.len();
        self.right += found.iter().filter(|at| gold.iter().any(|gold| gold.abs_diff(**at) <= TOLERANCE)).count();
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |whole: usize| self.right as f64 / whole.max(1) as f64;
        let (precision, recall) = (share(self.found), share(self.gold));
        let f1 = if self.right == 0 { 0.0 } else { 2.0 * precision * recall / (precision + recall) };
        write!(f, "P {precision:.3} R {recall:.3} F1 {f1:.3}")
    }
}

/// The count at the threshold with the highest F1: what the probabilities could give at most.
fn best(mut likely: Vec<(f64, bool)>, gold: usize) -> String {
    likely.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut top) = (0, (0.0, String::new()));
    for (at, (p, hit)) in likely.iter().enumerate() {
        right += usize::from(*hit);
        let f1 = 2.0 * right as f64 / (at + 1 + gold) as f64;
        if f1 > top.0 {
            top = (f1, format!("{} at {p:.2}", Count { found: at + 1, gold, right }));
        }
    }
    top.1
}

/// The texts, each with the places where a review begins after the first.
fn joined(half: &Path, films: usize, fewest: usize) -> anyhow::Result<Vec<(String, Vec<usize>)>> {
    let mut of_film: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for side in ["pos", "neg"] {
        let urls = fs::read_to_string(half.join(format!("urls_{side}.txt")))?;
        let urls: Vec<&str> = urls.lines().collect();
        for entry in fs::read_dir(half.join(side))? {
            let path = entry?.path();
            let id = path.file_stem().and_then(|name| name.to_str()?.split('_').next()?.parse::<usize>().ok());
            let Some(url) = id.and_then(|id| urls.get(id)) else { continue };
            let text = fs::read_to_string(&path)?.replace("<br />", "");
            of_film.entry((*url).to_owned()).or_default().push(text.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
    let mut kept: Vec<(String, Vec<String>)> = of_film.into_iter().filter(|(_, texts)| texts.len() >= fewest).collect();
    kept.sort_by_key(|(url, _)| hash(url));
    kept.truncate(films);
    Ok(kept.into_iter().map(|(_, texts)| join(texts)).collect())
}

fn join(mut texts: Vec<String>) -> (String, Vec<usize>) {
    texts.sort_by_key(|text| hash(text));
    texts.dedup();
    texts.truncate(25);
    let (mut out, mut gold) = (String::new(), Vec::new());
    for text in texts {
        if !out.is_empty() {
            out.push(' ');
            gold.push(out.len());
        }
        out.push_str(&text);
    }
    (out, gold)
}

/// FNV-1a, for an order that is the same each time and has to do with nothing.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
