//! Giving a work to a review that names none: by the people it names.
//!
//! A page of a fan may never print its title. Where it names several of the people of one work among the others,
//! and of that work alone, it is about that work. One name in common is chance; so are two that many share.

use std::collections::HashSet;

use super::people;
use crate::model::{Review, Work, text::norm};

/// With a maker of the work among them, so many shared names are enough.
const WITH_MAKER: usize = 2;
/// Without one, so many are needed.
const WITHOUT_MAKER: usize = 3;
/// So many characters that no other work of the batch has stand for all but one of the names.
const CHARACTERS: usize = 2;

/// Gives each review that names no work the work among the others whose people it names.
pub fn tie(reviews: &mut [Review]) {
    let known = works(reviews);
    for review in reviews.iter_mut() {
        if review.work.title.is_none() {
            let named = full_names(review);
            let characters = people::characters(review.body.as_str());
            let own = |at: usize| {
                let others = known.iter().enumerate().filter(|(other, _)| *other != at);
                let shared = characters.intersection(&known[at].characters);
                let others: Vec<&Known> = others.map(|(_, known)| known).collect();
                shared.filter(|name| !others.iter().any(|known| known.characters.contains(*name))).count()
            };
            let mut fitting = known.iter().enumerate().filter(|(at, known)| known.fits(&review.work, &named, own(*at)));
            if let (Some((_, known)), None) = (fitting.next(), fitting.next()) {
                review.work.fill_from(&known.agreed());
            }
        }
        if let Some(known) = known.iter().find(|known| known.work.same_as(&review.work)) {
            spell(&mut review.work, &known.work);
        }
    }
}

/// A title printed all in lower case takes the capitals that another review of the work prints.
fn spell(work: &mut Work, known: &Work) {
    if let (Some(own), Some(other)) = (work.title.as_mut(), known.title.as_ref())
        && *own == own.to_lowercase()
        && norm(own) == norm(other)
    {
        own.clone_from(other);
    }
}

/// A work of the batch with all the people that its reviews name.
struct Known {
    work: Work,
    makers: HashSet<String>,
    people: HashSet<String>,
    characters: HashSet<String>,
    years: HashSet<i16>,
}

impl Known {
    /// The work, without a year where its reviews name different ones.
    fn agreed(&self) -> Work {
        let year = self.work.year.filter(|_| self.years.len() == 1);
        Work { year, ..self.work.clone() }
    }

    fn fits(&self, work: &Work, named: &HashSet<String>, characters: usize) -> bool {
        let contradicts = matches!((self.work.kind, work.kind), (Some(a), Some(b)) if a != b)
            || matches!((self.work.year, work.year), (Some(a), Some(b)) if (a - b).abs() > 1);
        let shared = named.intersection(&self.people).count();
        let maker = named.iter().any(|name| self.makers.contains(name));
        let declared = work.shares_creator(&self.work) && work.year.is_some() && self.work.year.is_some();
        !contradicts
            && (declared
                || maker && shared >= WITH_MAKER
                || shared >= WITHOUT_MAKER
                || shared >= 1 && characters >= CHARACTERS)
    }
}

fn works(reviews: &[Review]) -> Vec<Known> {
    let mut known: Vec<Known> = Vec::new();
    for review in reviews.iter().filter(|review| review.work.title.is_some()) {
        let at = known.iter().position(|known| known.work.same_as(&review.work));
        let at = at.unwrap_or_else(|| {
            known.push(Known {
                work: review.work.clone(),
                makers: HashSet::new(),
                people: HashSet::new(),
                characters: HashSet::new(),
                years: HashSet::new(),
            });
            known.len() - 1
        });
        let entry = &mut known[at];
        let lower = entry.work.title.as_ref().is_some_and(|title| *title == title.to_lowercase());
        if lower {
            entry.work.title.clone_from(&review.work.title);
        }
        entry.work.fill_from(&review.work);
        entry.makers.extend(review.work.creators.iter().map(|name| norm(name)).filter(|name| name.contains(' ')));
        entry.people.extend(full_names(review));
        entry.characters.extend(people::characters(review.body.as_str()));
        entry.years.extend(review.work.year);
        let makers = entry.makers.clone();
        entry.people.extend(makers);
    }
    known
}

fn full_names(review: &Review) -> HashSet<String> {
    review.people.iter().map(|name| norm(name)).filter(|name| name.contains(' ')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Body, Line};

    fn review(title: Option<&str>, creators: &[&str], people: &[&str]) -> Review {
        let mut review = Review::new("a.txt", "0", Body::new("Text."));
        review.work.title = title.and_then(Line::new);
        review.work.creators = Line::all(creators);
        review.people = Line::all(people);
        review
    }

    #[test]
    fn people_tie_an_untitled_review_to_its_work() {
        let mut reviews = [
            review(Some("Glass Harbour"), &["Ada Quill"], &["Ada Quill", "Bo Winter"]),
            review(Some("Night Train"), &["Cy Stone"], &["Cy Stone", "Di Marsh"]),
            review(None, &[], &["Bo Winter", "Ada Quill", "Di Marsh"]),
        ];
        tie(&mut reviews);
        assert_eq!(reviews[2].work.title.as_deref(), Some("Glass Harbour"));
        assert_eq!(reviews[2].work.creators, ["Ada Quill"]);
    }

    #[test]
    fn a_stated_maker_and_year_tie_as_well() {
        let mut reviews = [review(Some("Glass Harbour"), &["Ada Quill"], &[]), review(None, &["Ada Quill"], &[])];
        reviews[0].work.year = Some(2014);
        tie(&mut reviews);
        assert_eq!(reviews[1].work.title, None);
        reviews[1].work.year = Some(2013);
        tie(&mut reviews);
        assert_eq!(reviews[1].work.title.as_deref(), Some("Glass Harbour"));
    }

    #[test]
    fn characters_and_one_of_the_people_tie_too() {
        let told = |title, people: &[&str], text: &str| {
            let mut review = review(title, &[], people);
            review.body = Body::new(text);
            review
        };
        let sea = "At sea, Tamsin sings while Orla waits. Then Tamsin and Orla meet, and so Orla stays.";
        let train = "On a train, Marek sleeps near Orla. When Marek wakes, only Orla is there with Marek.";
        let mut reviews = [
            told(Some("Glass Harbour"), &["Bo Winter"], sea),
            told(Some("Night Train"), &["Bo Winter"], train),
            told(None, &["Bo Winter"], "I liked Tamsin, and Orla too. Who would not like Tamsin, or Orla?"),
            told(None, &["Cy Stone"], sea),
        ];
        tie(&mut reviews);
        assert_eq!(reviews[2].work.title, None, "one of the characters is in both");
        assert_eq!(reviews[3].work.title, None, "nobody of the people is named");
        reviews[1].body = Body::new("On a train, Marek sleeps.");
        tie(&mut reviews);
        assert_eq!(reviews[2].work.title.as_deref(), Some("Glass Harbour"));
    }

    #[test]
    fn a_year_on_which_reviews_differ_is_not_handed_on() {
        let mut reviews = [
            review(Some("Glass Harbour"), &["Ada Quill"], &["Bo Winter"]),
            review(Some("Glass Harbour"), &["Ada Quill"], &[]),
            review(None, &[], &["Bo Winter", "Ada Quill"]),
        ];
        (reviews[0].work.year, reviews[1].work.year) = (Some(2013), Some(2014));
        tie(&mut reviews);
        assert_eq!((reviews[2].work.title.as_deref(), reviews[2].work.year), (Some("Glass Harbour"), None));
    }

    #[test]
    fn chance_ties_nothing() {
        let mut reviews = [
            review(Some("Glass Harbour"), &["Ada Quill"], &["Ada Quill", "Bo Winter", "Port Town"]),
            review(Some("Glass Harbour II"), &["Ada Quill"], &["Ada Quill", "Bo Winter"]),
            review(None, &[], &["Port Town", "Bo Winter"]),
            review(None, &[], &["Ada Quill", "Bo Winter"]),
        ];
        tie(&mut reviews);
        assert_eq!(reviews[2].work.title, None, "two names without a maker");
        assert_eq!(reviews[3].work.title, None, "two works fit");
    }

    #[test]
    fn a_title_in_lower_case_takes_the_capitals_of_the_others() {
        let mut reviews = [review(Some("her"), &[], &[]), review(Some("Her"), &[], &[])];
        tie(&mut reviews);
        assert_eq!(reviews[0].work.title.as_deref(), Some("Her"));
    }
}
