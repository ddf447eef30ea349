//! The promises of the feeds.

use std::collections::HashSet;

use super::*;
use crate::render::fixture;

fn meta() -> FeedMeta {
    FeedMeta::from(&fixture::issue())
}

/// Newest first, a week apart.
fn issues(count: u32) -> Vec<Issue> {
    (1..=count)
        .rev()
        .map(|number| {
            let mut issue = fixture::issue();
            let weeks = jiff::SignedDuration::from_hours(7 * 24 * i64::from(count - number));
            issue.number = number;
            issue.composed_at = issue.composed_at.checked_sub(weeks).unwrap();
            issue
        })
        .collect()
}

#[test]
fn rss_is_golden() {
    insta::assert_snapshot!(rss(&meta(), &issues(1), &fixture::site()).unwrap());
}

#[test]
fn reviews_rss_is_golden() {
    insta::assert_snapshot!(reviews_rss(&meta(), &issues(1), &fixture::site()).unwrap());
}

#[test]
fn atom_is_golden() {
    insta::assert_snapshot!(atom(&meta(), &issues(1), &fixture::site()).unwrap());
}

#[test]
fn json_feed_is_golden() {
    insta::assert_snapshot!(json_feed(&meta(), &issues(1), &fixture::site()).unwrap());
}

#[test]
fn the_rss_reads_back_as_it_was_meant() {
    let xml = rss(&meta(), &issues(3), &fixture::site()).unwrap();
    let channel = ::rss::Channel::read_from(xml.as_bytes()).unwrap();
    assert_eq!(channel.items().len(), 3);
    assert_eq!(channel.last_build_date(), Some("Fri, 20 Nov 2026 07:00:00 GMT"));
    let first = &channel.items()[0];
    let guid = first.guid().unwrap();
    assert!(!guid.is_permalink());
    assert_eq!(guid.value(), "tag:reviews.example.org,2026-11-20:friday-reviews/3");
    assert_eq!(first.link(), Some("https://reviews.example.org/d/friday-reviews/3"));
    assert_eq!(channel.items()[2].pub_date(), Some("Fri, 06 Nov 2026 07:00:00 GMT"));
    assert!(xml.find("<description>").unwrap() < xml.find("<content:encoded>").unwrap());
    assert!(!first.content().unwrap().contains("<script") && !first.content().unwrap().contains("javascript:"));
    assert!(!first.title().unwrap().contains('<'));
}

#[test]
fn every_review_is_an_item_of_its_own() {
    let xml = reviews_rss(&meta(), &issues(2), &fixture::site()).unwrap();
    let channel = ::rss::Channel::read_from(xml.as_bytes()).unwrap();
    let guids: HashSet<&str> = channel.items().iter().filter_map(|item| item.guid().map(|g| g.value())).collect();
    assert_eq!((channel.items().len(), guids.len()), (12, 12));
    assert!(channel.items().iter().all(|item| item.link().unwrap().starts_with("https://")));
}

#[test]
fn a_feed_tells_nothing_of_what_was_left_out() {
    let json = json_feed(&meta(), &issues(1), &fixture::site()).unwrap();
    assert!(!json.contains("dropped") && !json.contains("javascript:") && json.contains("\"spans\""));
}

#[test]
fn a_rebuild_gives_the_same_bytes() {
    let (meta, issues, site) = (meta(), issues(4), fixture::site());
    assert_eq!(rss(&meta, &issues, &site).unwrap(), rss(&meta, &issues, &site).unwrap());
    assert_eq!(atom(&meta, &issues, &site).unwrap(), atom(&meta, &issues, &site).unwrap());
    assert_eq!(json_feed(&meta, &issues, &site).unwrap(), json_feed(&meta, &issues, &site).unwrap());
}

#[test]
fn a_feed_keeps_to_its_limits_and_drops_the_oldest() {
    let (meta, mut issues, site) = (meta(), issues(80), fixture::site());
    let counted = |xml: &str| xml.matches("<item>").count();
    assert_eq!(counted(&rss(&meta, &issues, &site).unwrap()), MAX_ITEMS);
    let long = "A long and winding sentence about very little. ".repeat(400);
    for issue in &mut issues {
        issue.note = Some(long.clone());
    }
    for feed in [rss(&meta, &issues, &site), atom(&meta, &issues, &site), json_feed(&meta, &issues, &site)] {
        let feed = feed.unwrap();
        assert!(feed.len() <= MAX_OCTETS && feed.contains("friday-reviews/80"), "{}", feed.len());
    }
}

#[test]
fn what_xml_forbids_never_reaches_a_feed() {
    let (mut meta, mut issues, site) = (meta(), issues(1), fixture::site());
    meta.title = "Bad\u{7} \u{1}title ]]> & <b>".into();
    issues[0].note = Some("Bell\u{7} and ]]> end".into());
    for xml in [rss(&meta, &issues, &site), reviews_rss(&meta, &issues, &site), atom(&meta, &issues, &site)] {
        let xml = xml.unwrap();
        assert!(xml.chars().all(crate::model::text::is_xml_char));
    }
    ::rss::Channel::read_from(rss(&meta, &issues, &site).unwrap().as_bytes()).unwrap();
}

#[test]
fn a_digest_without_issues_still_has_its_feeds() {
    let (meta, site) = (meta(), fixture::site());
    assert!(::rss::Channel::read_from(rss(&meta, &[], &site).unwrap().as_bytes()).unwrap().items().is_empty());
    assert!(atom(&meta, &[], &site).unwrap().contains("<updated>1970-01-01T00:00:00Z</updated>"));
    assert!(json_feed(&meta, &[], &site).unwrap().contains("\"items\": []"));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_a_source_writes_the_feeds_are_well_formed(words in "(\\PC|[\r\n\t<>&\"'\\]\u{0}\u{7}\u{202E}\u{85}]){0,60}") {
        let (meta, issues, site) = (meta(), [fixture::strange(&words)], fixture::site());
        for xml in [rss(&meta, &issues, &site).unwrap(), reviews_rss(&meta, &issues, &site).unwrap()] {
            let channel = ::rss::Channel::read_from(xml.as_bytes()).unwrap();
            assert!(!channel.items().is_empty() && xml.chars().all(crate::model::text::is_xml_char));
        }
        let xml = atom(&meta, &issues, &site).unwrap();
        assert!(xml.chars().all(crate::model::text::is_xml_char));
        assert_eq!((xml.matches("<entry>").count(), xml.matches("<content").count()), (1, 1));
        let json = json_feed(&meta, &issues, &site).unwrap();
        assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    }
}
