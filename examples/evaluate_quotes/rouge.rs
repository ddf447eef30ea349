//! ROUGE of what the quotes of several reviews say together, beside plain baselines.
//!
//! The quotes of the single reviews are taken in the order in which they add words that other reviews use too, until
//! the length of the references is reached. ROUGE-1, 2 and L are F1 over stemmed words, averaged over the references.

use std::{
    collections::{HashMap, HashSet},
    path::Path,
};

use anyhow::Context as _;
use pullquote::{
    model::{Body, Review, Work, WorkKind},
    quote,
};
use rust_stemmers::{Algorithm, Stemmer};

use super::{Folders, baselines, files_below};

/// Reviews of one thing, and what people summed them up as.
struct Topic {
    reviews: Vec<String>,
    references: Vec<String>,
}

/// The sentences of a topic, the most wanted first.
type Order = fn(&Topic) -> Vec<String>;

/// The longest quote of one review, in characters: a sentence or two.
const LIMIT: usize = 160;

pub fn measure(folders: &Folders) -> anyhow::Result<()> {
    let mut sets = Vec::new();
    if let Some(folder) = folders.evaluation("opinosis") {
        sets.push(("Opinosis", opinosis(&folder)?));
    }
    if let Some(folder) = folders.evaluation("fewsum") {
        for (name, part) in [("FewSum, Yelp", "yelp"), ("FewSum, Amazon", "amazon")] {
            sets.push((name, few_sum(&folder.join("artifacts").join(part).join("gold_summs/test.csv"))?));
        }
    }
    let stemmer = Stemmer::create(Algorithm::English);
    for (name, topics) in &sets {
        println!("{name}: {} topics", topics.len());
        let methods: [(&str, Order); 4] =
            [("lead", lead), ("LexRank", lex_rank), ("SumBasic", sum_basic), ("Pullquote", pullquote)];
        for (method, order) in methods {
            report(method, topics, order, &stemmer);
        }
    }
    Ok(())
}

fn report(method: &str, topics: &[Topic], order: Order, stemmer: &Stemmer) {
    let mut all: Vec<[f64; 3]> = Vec::new();
    for topic in topics {
        let references: Vec<Vec<String>> = topic.references.iter().map(|r| stems(r, stemmer)).collect();
        let budget = references.iter().map(Vec::len).sum::<usize>() / references.len().max(1);
        let mut summary = Vec::new();
        for sentence in order(topic) {
            if summary.len() >= budget {
                break;
            }
            summary.extend(stems(&sentence, stemmer));
        }
        summary.truncate(budget);
        let scores: Vec<[f64; 3]> = references.iter().map(|reference| rouge(&summary, reference)).collect();
        all.push(std::array::from_fn(|n| scores.iter().map(|s| s[n]).sum::<f64>() / scores.len().max(1) as f64));
    }
    let count = all.len().max(1) as f64;
    let mean: [f64; 3] = std::array::from_fn(|n| all.iter().map(|s| s[n]).sum::<f64>() / count);
    let error = (all.iter().map(|s| (s[0] - mean[0]).powi(2)).sum::<f64>() / count / count).sqrt();
    let [one, two, long] = mean.map(|score| score * 100.0);
    println!("  {method:<10} R-1 {one:.1} ± {:.1}   R-2 {two:.1}   R-L {long:.1}", error * 100.0);
}

fn stems(text: &str, stemmer: &Stemmer) -> Vec<String> {
    text.to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| stemmer.stem(word).into_owned())
        .collect()
}

/// ROUGE-1, ROUGE-2 and ROUGE-L as F1.
fn rouge(summary: &[String], reference: &[String]) -> [f64; 3] {
    let grams = |size: usize| {
        let count = |words: &[String]| {
            let mut counts: HashMap<Vec<String>, usize> = HashMap::new();
            words.windows(size).for_each(|gram| *counts.entry(gram.to_vec()).or_default() += 1);
            counts
        };
        let (ours, theirs) = (count(summary), count(reference));
        let shared: usize = ours.iter().map(|(gram, n)| theirs.get(gram).map_or(0, |other| *n.min(other))).sum();
        f1(shared, summary.len().saturating_sub(size - 1), reference.len().saturating_sub(size - 1))
    };
    [grams(1), grams(2), f1(common(summary, reference), summary.len(), reference.len())]
}

fn f1(shared: usize, ours: usize, theirs: usize) -> f64 {
    if shared == 0 { 0.0 } else { 2.0 * shared as f64 / (ours + theirs) as f64 }
}

/// The length of the longest common subsequence.
fn common(a: &[String], b: &[String]) -> usize {
    let mut row = vec![0; b.len() + 1];
    for x in a {
        let mut corner = 0;
        for (at, y) in b.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if x == y { corner + 1 } else { above.max(row[at]) };
            corner = above;
        }
    }
    row[b.len()]
}

fn sentences(review: &str) -> Vec<String> {
    let body = Body::new(review);
    quote::sentences(body.as_str()).into_iter().filter_map(|span| body.slice(span).map(String::from)).collect()
}

/// One sentence of each review in turn.
fn lead(topic: &Topic) -> Vec<String> {
    let all: Vec<Vec<String>> = topic.reviews.iter().map(|review| sentences(review)).collect();
    let longest = all.iter().map(Vec::len).max().unwrap_or(0);
    (0..longest).flat_map(|at| all.iter().filter_map(move |review| review.get(at).cloned())).collect()
}

fn lex_rank(topic: &Topic) -> Vec<String> {
    let all: Vec<String> = topic.reviews.iter().flat_map(|review| sentences(review)).collect();
    let ranks = baselines::lex_ranks(&all);
    let mut order: Vec<usize> = (0..all.len()).collect();
    order.sort_by(|a, b| ranks[*b].total_cmp(&ranks[*a]));
    order.into_iter().map(|at| all[at].clone()).collect()
}

/// SumBasic (Nenkova and Vanderwende 2005): the sentence of the most frequent words, whose words then count less.
fn sum_basic(topic: &Topic) -> Vec<String> {
    let all: Vec<String> = topic.reviews.iter().flat_map(|review| sentences(review)).collect();
    let words: Vec<Vec<String>> = all.iter().map(|sentence| content(sentence)).collect();
    let total: usize = words.iter().map(Vec::len).sum();
    let mut weight: HashMap<&str, f64> = HashMap::new();
    words.iter().flatten().for_each(|word| *weight.entry(word).or_default() += 1.0 / total.max(1) as f64);
    let mut left: Vec<usize> = (0..all.len()).filter(|&at| !words[at].is_empty()).collect();
    let mut order = Vec::new();
    while !left.is_empty() && order.len() < 12 {
        let worth =
            |at: usize| words[at].iter().map(|word| weight[word.as_str()]).sum::<f64>() / words[at].len() as f64;
        let Some(best) = (0..left.len()).max_by(|a, b| worth(left[*a]).total_cmp(&worth(left[*b]))) else { break };
        let taken = left.swap_remove(best);
        words[taken].iter().for_each(|word| {
            weight.entry(word).and_modify(|w| *w *= *w);
        });
        order.push(all[taken].clone());
    }
    order
}

/// The quotes, those first that add most of what other reviews say too.
fn pullquote(topic: &Topic) -> Vec<String> {
    let mut quotes: Vec<String> = topic
        .reviews
        .iter()
        .enumerate()
        .filter_map(|(at, text)| {
            let mut review = Review::new("topic", at.to_string(), Body::new(text));
            review.work = Work { kind: Some(WorkKind::Other), ..Work::default() };
            review.language = Some("en".into());
            quote::choose(&review, LIMIT).quote.map(|quote| quote.text().to_owned())
        })
        .collect();
    let mut spread: HashMap<String, f64> = HashMap::new();
    for review in &topic.reviews {
        for word in content(review).into_iter().collect::<HashSet<_>>() {
            *spread.entry(word).or_default() += 1.0;
        }
    }
    let mut said: HashSet<String> = HashSet::new();
    let mut order = Vec::new();
    while !quotes.is_empty() && order.len() < 12 {
        let worth = |text: &String| {
            let words = content(text);
            let new: HashSet<&String> = words.iter().filter(|word| !said.contains(*word)).collect();
            new.iter().map(|word| spread.get(*word).map_or(0.0, |n| n - 1.0)).sum::<f64>() / (words.len() as f64 + 3.0)
        };
        let Some(best) = (0..quotes.len()).max_by(|a, b| worth(&quotes[*a]).total_cmp(&worth(&quotes[*b]))) else {
            break;
        };
        let taken = quotes.swap_remove(best);
        said.extend(content(&taken));
        order.push(taken);
    }
    order
}

/// The words that carry something: longer than three letters.
fn content(text: &str) -> Vec<String> {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 3).map(String::from).collect()
}

fn opinosis(folder: &Path) -> anyhow::Result<Vec<Topic>> {
    files_below(&folder.join("topics"))?
        .into_iter()
        .filter(|file| file.to_string_lossy().ends_with(".txt.data"))
        .map(|file| {
            let name = file.file_name().unwrap_or_default().to_string_lossy().replace(".txt.data", "");
            let reviews = text(&file)?.lines().map(|line| line.trim().replace(" .", ".")).collect();
            let references = files_below(&folder.join("summaries-gold").join(name))?
                .iter()
                .map(|file| text(file))
                .collect::<anyhow::Result<_>>()?;
            Ok(Topic { reviews, references })
        })
        .collect()
}

fn few_sum(path: &Path) -> anyhow::Result<Vec<Topic>> {
    let text = text(path)?;
    let mut lines = text.lines();
    let header: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let columns =
        |prefix: &str| -> Vec<usize> { (0..header.len()).filter(|&at| header[at].starts_with(prefix)).collect() };
    let (reviews, references) = (columns("rev"), columns("summ"));
    Ok(lines
        .map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let take = |columns: &[usize]| {
                columns
                    .iter()
                    .filter_map(|&at| cells.get(at))
                    .filter(|c| !c.is_empty())
                    .map(|c| (*c).to_owned())
                    .collect()
            };
            Topic { reviews: take(&reviews), references: take(&references) }
        })
        .collect())
}

fn text(path: &Path) -> anyhow::Result<String> {
    let bytes = std::fs::read(path).with_context(|| path.display().to_string())?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
