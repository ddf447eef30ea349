//! What others would choose: the opening, the close, and the sentences most like the rest.

use std::collections::HashMap;

/// The first sentences that fit the limit, in characters.
pub fn lead(sentences: &[String], limit: usize) -> Vec<usize> {
    fitting(sentences, 0..sentences.len(), limit)
}

/// The last sentences that fit.
pub fn last(sentences: &[String], limit: usize) -> Vec<usize> {
    fitting(sentences, (0..sentences.len()).rev(), limit)
}

/// The sentences of highest LexRank (Erkan and Radev 2004) that fit.
pub fn lex_rank(sentences: &[String], limit: usize) -> Vec<usize> {
    let ranks = lex_ranks(sentences);
    let mut order: Vec<usize> = (0..sentences.len()).collect();
    order.sort_by(|a, b| ranks[*b].total_cmp(&ranks[*a]));
    fitting(sentences, order.into_iter(), limit)
}

/// Takes sentences in an order while they fit; the first that does not ends it, but one is always taken.
fn fitting(sentences: &[String], order: impl Iterator<Item = usize>, limit: usize) -> Vec<usize> {
    let mut picked = Vec::new();
    let mut chars = 0;
    for at in order {
        let length = sentences[at].chars().count();
        if sentences[at].split_whitespace().count() < 3 {
            continue;
        }
        if !picked.is_empty() && chars + length + 1 > limit {
            break;
        }
        chars += length + 1;
        picked.push(at);
    }
    picked.sort_unstable();
    picked
}

/// LexRank of each sentence: PageRank on the cosine of tf-idf vectors, edges from a tenth on.
pub fn lex_ranks(sentences: &[String]) -> Vec<f64> {
    const EDGE: f64 = 0.1;
    const DAMPING: f64 = 0.85;
    let vectors = tf_idf(sentences);
    let count = vectors.len();
    let cosine = |a: &HashMap<&str, f64>, b: &HashMap<&str, f64>| -> f64 {
        a.iter().filter_map(|(word, weight)| b.get(word).map(|other| weight * other)).sum()
    };
    let mut edges = vec![Vec::new(); count];
    for a in 0..count {
        for b in 0..count {
            if cosine(&vectors[a], &vectors[b]) > EDGE {
                edges[a].push(b);
            }
        }
    }
    let mut ranks = vec![1.0 / count.max(1) as f64; count];
    for _ in 0..50 {
        let mut next = vec![(1.0 - DAMPING) / count as f64; count];
        for (from, edges) in edges.iter().enumerate() {
            for &to in edges {
                next[to] += DAMPING * ranks[from] / edges.len() as f64;
            }
        }
        ranks = next;
    }
    ranks
}

fn tf_idf(sentences: &[String]) -> Vec<HashMap<&str, f64>> {
    let words: Vec<Vec<&str>> =
        sentences.iter().map(|s| s.split(|c: char| !c.is_alphanumeric()).filter(|w| w.len() > 2).collect()).collect();
    let mut seen: HashMap<&str, f64> = HashMap::new();
    for words in &words {
        let mut distinct = words.clone();
        distinct.sort_unstable();
        distinct.dedup();
        for word in distinct {
            *seen.entry(word).or_default() += 1.0;
        }
    }
    let total = sentences.len() as f64;
    words
        .iter()
        .map(|words| {
            let mut vector: HashMap<&str, f64> = HashMap::new();
            for word in words {
                *vector.entry(word).or_default() += (1.0 + total / seen[word]).ln();
            }
            let norm = vector.values().map(|w| w * w).sum::<f64>().sqrt();
            vector.values_mut().for_each(|w| *w /= norm.max(f64::MIN_POSITIVE));
            vector
        })
        .collect()
}
