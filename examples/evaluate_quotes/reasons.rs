//! How many of the chosen sentences a person gave as a reason for the verdict.

use pullquote::quote;

use super::{
    Folders, baselines,
    marked::{self, Marked},
    regression::Regression,
};

/// The length of a quote, in characters: about the 52 words that research allowed.
const LIMIT: usize = 300;

pub fn measure(folders: &Folders) -> anyhow::Result<()> {
    let mut sets = Vec::new();
    if let Some(path) = folders.corpus("reasons/reasons.jsonl") {
        sets.push(("corpus: what one reader marked as enough", marked::read_reasons(&path)?));
    }
    let eraser = folders.evaluation("eraser");
    if let Some(folder) = &eraser {
        sets.push(("ERASER test: all that three readers marked", marked::read_eraser(folder, "test")?));
    }
    let evaluated: Vec<&str> = sets.iter().flat_map(|(_, set)| set.iter().map(|m| m.id.as_str())).collect();
    let regression = match &eraser {
        Some(folder) => {
            let mut others = marked::read_eraser(folder, "train")?;
            others.retain(|marked| !evaluated.contains(&marked.id.as_str()));
            let others: Vec<Marked> = others.iter().map(Marked::joined).collect();
            Some(Regression::train(&others))
        }
        None => None,
    };
    for (name, pieces) in &sets {
        let set = &pieces.iter().map(Marked::joined).collect::<Vec<_>>();
        let sentences: usize = set.iter().map(|m| m.reasons.len()).sum();
        let marked: usize = set.iter().map(|m| m.reasons.iter().filter(|r| **r).count()).sum();
        println!("{name}: {} reviews, {:.3} of all sentences marked", set.len(), share(marked, sentences));
        println!("  {:<34} precision ± error   any hit  quoted  sentences", "method");
        report("lead", set, |m| baselines::lead(&m.sentences, LIMIT));
        report("last", set, |m| baselines::last(&m.sentences, LIMIT));
        report("LexRank", set, |m| baselines::lex_rank(&m.sentences, LIMIT));
        if let Some(regression) = &regression {
            report("regression on marks of others", set, |m| regression.top(m, LIMIT, true));
            report("… in a row, with the bars", set, |m| regression.window(m, LIMIT, true));
            report("… without the rating", set, |m| regression.window(m, LIMIT, false));
        }
        report("Pullquote, rating known", set, |m| chosen(m, true));
        report("Pullquote, rating unknown", set, |m| chosen(m, false));
        report("… known, pieces counted apart", pieces, |m| chosen(m, true));
    }
    Ok(())
}

/// The numbers of the sentences that Pullquote quotes.
fn chosen(marked: &Marked, rated: bool) -> Vec<usize> {
    let (review, extents) = marked.review(rated);
    let Some(found) = quote::choose(&review, LIMIT).quote else { return Vec::new() };
    let within = |(from, to): &(usize, usize)| found.spans().iter().any(|span| *from < span.end && span.start < *to);
    (0..extents.len()).filter(|&at| within(&extents[at])).collect()
}

fn report(name: &str, set: &[Marked], choose: impl Fn(&Marked) -> Vec<usize>) {
    let (mut chosen, mut right, mut hit, mut quoted) = (0, 0, 0, 0);
    for marked in set {
        let picked = choose(marked);
        let good = picked.iter().filter(|&&at| marked.reasons[at]).count();
        chosen += picked.len();
        right += good;
        hit += usize::from(good > 0);
        quoted += usize::from(!picked.is_empty());
    }
    let precision = share(right, chosen);
    let error = (precision * (1.0 - precision) / chosen.max(1) as f64).sqrt();
    println!("  {name:<34} {precision:.3} ± {error:.3}      {:.3}    {quoted:>5}   {chosen:>6}", share(hit, set.len()));
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
