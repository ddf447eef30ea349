//! Measures how often the rating read from a text is the one its writer gave. For development: the reviews are not
//! part of the project, and nothing is trained on them.
//!
//! `cargo run --release --example measure_ratings -- FOLDER [train|test] [-v]`
//!
//! FOLDER has the layout of the Large Movie Review Dataset (Maas et al. 2011): `{train,test}/{pos,neg}/ID_STARS.txt`,
//! the stars being whole numbers from 1 to 10, none of them 5 or 6. A mark is exact where it is ten times the stars; a
//! writer who prints 7.5 must click 7 or 8, so marks less than one star off are counted beside it. Thumbs and letters
//! have steps of their own: of them only the side of 60 is asked.

use std::{fs, path::Path};

use pullquote::{
    model::{Confidence, RatingKind},
    read::rating,
};

#[derive(Default)]
struct Count {
    fired: usize,
    exact: usize,
    near: usize,
    side: usize,
}

fn main() -> anyhow::Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let Some(folder) = args.first() else { anyhow::bail!("usage: measure_ratings FOLDER [train|test] [-v]") };
    let verbose = args.iter().any(|arg| arg == "-v");
    let halves: Vec<&str> = match args.get(1).map(String::as_str) {
        Some("train") => vec!["train"],
        Some("test") => vec!["test"],
        _ => vec!["train", "test"],
    };
    let (mut all, mut high, mut out_of, mut others) = <(Count, Count, Count, Count)>::default();
    let mut reviews = 0;
    for half in halves {
        for side in ["pos", "neg"] {
            let mut files: Vec<_> = fs::read_dir(Path::new(folder).join(half).join(side))?
                .map(|entry| entry.map(|entry| entry.path()))
                .collect::<Result<_, _>>()?;
            files.sort();
            for file in files {
                let name = file.file_stem().and_then(|name| name.to_str()).unwrap_or("").to_owned();
                let Some(stars) = name.rsplit('_').next().and_then(|stars| stars.parse::<f64>().ok()) else { continue };
                let text = fs::read_to_string(&file)?.replace("<br />", "\n");
                reviews += 1;
                let scale = rating::Scale { best: None, language: Some("en") };
                let Some(found) = rating::in_text(&text, None, scale) else { continue };
                let score = found.score.value();
                if found.kind != RatingKind::Graded {
                    others.add(score, stars);
                    continue;
                }
                all.add(score, stars);
                let plain = found.printed.contains(['/', '⁄']) || found.printed.to_lowercase().contains("out of");
                if plain && !found.printed.contains('*') {
                    out_of.add(score, stars);
                }
                if found.confidence == Confidence::High {
                    high.add(score, stars);
                }
                if verbose {
                    let at = text.rfind(&*found.printed).unwrap_or(0);
                    let around = around(&text, at);
                    println!("{name} {stars} {score:.0} {:?} {:?} {around}", found.confidence, found.printed);
                }
            }
        }
    }
    println!("{reviews} reviews");
    println!("graded:                  {all}");
    println!("graded, high confidence: {high}");
    println!("x/y and x out of y:      {out_of}");
    println!("thumbs and letters:      {others}");
    Ok(())
}

impl Count {
    fn add(&mut self, score: f64, stars: f64) {
        let off = (score / 10.0 - stars).abs();
        self.fired += 1;
        self.exact += usize::from(off < 0.05);
        self.near += usize::from(off < 0.95);
        self.side += usize::from((score >= 60.0) == (stars >= 6.0));
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let share = |part: usize| part as f64 / self.fired.max(1) as f64;
        let (exact, near, side) = (share(self.exact), share(self.near), share(self.side));
        write!(f, "{} marks; exact {exact:.3}, less than a star off {near:.3}, same side of 60 {side:.4}", self.fired)
    }
}

/// The text around a place, on one line.
fn around(text: &str, at: usize) -> String {
    let from = text.floor_char_boundary(at.saturating_sub(120));
    let to = text.ceil_char_boundary((at + 100).min(text.len()));
    text[from..to].replace('\n', " ⏎ ")
}
