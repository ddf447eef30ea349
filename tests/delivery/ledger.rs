//! The ledger's moves: claiming, leaving, pausing, cancelling, and what an operator decides.

use std::time::Duration;

use jiff::Timestamp;
use pullquote::{
    model::{
        Books,
        DeliveryState::{Claimed, Excluded, Failed, Sent, Uncertain, Waiting},
        rate::{Limits, Rate},
    },
    store::{
        StoreError,
        ledger::{
            self, Claim, Mark, Settled,
            acts::{Decision, cancel, decide},
            claim, work,
        },
    },
};

use crate::issue::{House, digest, start, whom};

fn lease() -> Timestamp {
    start().checked_add(Duration::from_secs(30)).unwrap()
}

async fn take(house: &House, worker: &str, limit: u32) -> Vec<Claim> {
    let limits = (limit, &Limits::default());
    claim::claim(&house.db, worker, None, limits, lease(), house.clock.now()).await.unwrap().claims
}

async fn mark(house: &House, worker: &str, claim: &Claim, mark: Mark) -> bool {
    let settled = [Settled { key: claim.key.clone(), mark, message_id: Some("1.1@example.org".to_owned()) }];
    work::record(&house.db, worker, &settled, house.clock.now()).await.unwrap()[0]
}

fn sent() -> Mark {
    Mark::Sent { reply: "250 ok".to_owned() }
}

#[tokio::test]
async fn two_workers_never_hold_the_same_row() {
    let house = House::with_issue(5).await;
    let (first, second) = (take(&house, "a", 3).await, take(&house, "b", 3).await);
    assert_eq!((first.len(), second.len()), (3, 2));
    assert!(first.iter().all(|one| second.iter().all(|other| one.key != other.key)));
    assert!(take(&house, "c", 3).await.is_empty());
}

#[tokio::test]
async fn the_oldest_issue_goes_first() {
    let house = House::with_issue(2).await;
    house.wait(Duration::from_secs(60));
    house.freeze(2, house.clock.now()).await;
    let numbers: Vec<u32> = take(&house, "a", 3).await.iter().map(|claim| claim.key.number).collect();
    assert_eq!(numbers, [1, 1, 2]);
}

#[tokio::test]
async fn an_issue_is_frozen_for_active_subscribers_and_only_once() {
    let house = House::with_issue(3).await;
    house.run("update subscribers set state = 'pending' where id = 2").await;
    assert_eq!(house.freeze(2, start()).await, 2);
    let mut tx = house.db.begin().await.unwrap();
    assert!(ledger::fill(&mut tx, &digest(), 2, whom(&digest()), start()).await.is_err());
}

#[tokio::test]
async fn who_leaves_while_a_claim_waits_is_excluded_when_it_comes_back() {
    let house = House::with_issue(2).await;
    let claims = take(&house, "a", 2).await;
    house.run("update subscribers set state = 'left' where id = 1").await;
    assert!(mark(&house, "a", &claims[0], Mark::Released).await);
    assert!(take(&house, "a", 2).await.is_empty());
    assert_eq!(house.states().await, [Excluded, Claimed]);
}

#[tokio::test]
async fn what_a_lost_worker_held_is_uncertain_and_nobody_elses() {
    let house = House::with_issue(2).await;
    let held = take(&house, "slow", 2).await;
    house.wait(Duration::from_secs(31));
    assert_eq!(work::recover(&house.db, house.clock.now()).await.unwrap(), 2);
    assert!(take(&house, "quick", 2).await.is_empty());
    assert!(!mark(&house, "quick", &held[0], Mark::Released).await);
    // It was only slow, and knows what became of them.
    assert!(mark(&house, "slow", &held[0], sent()).await);
    assert!(mark(&house, "slow", &held[1], Mark::Released).await);
    assert_eq!(house.states().await, [Sent, Waiting]);
    let tries: Vec<u32> = house.rows().await.iter().map(|row| row.attempts).collect();
    assert_eq!(tries, [1, 0]);
    let taken = take(&house, "quick", 1).await.remove(0);
    assert!(!mark(&house, "slow", &held[1], sent()).await);
    assert!(mark(&house, "quick", &taken, sent()).await);
}

#[tokio::test]
async fn a_dead_worker_whose_journal_is_whole_leaves_nothing_uncertain_that_was_not_begun() {
    let house = House::with_issue(3).await;
    let held = take(&house, "dead", 3).await;
    mark(&house, "dead", &held[0], Mark::Uncertain { why: "cut".to_owned() }).await;
    house.wait(Duration::from_secs(31));
    work::recover(&house.db, house.clock.now()).await.unwrap();
    assert_eq!(work::bury(&house.db, "dead", true, house.clock.now()).await.unwrap(), 2);
    assert_eq!(house.states().await, [Uncertain, Waiting, Waiting]);
    let again = take(&house, "dead", 1).await;
    assert_eq!(work::bury(&house.db, "dead", false, house.clock.now()).await.unwrap(), 1);
    assert_eq!((again.len(), house.states().await), (1, vec![Uncertain, Uncertain, Waiting]));
}

#[tokio::test]
async fn what_was_begun_stays_uncertain_also_where_the_lease_ran_out_before_the_journal_was_found() {
    let house = House::with_issue(2).await;
    let held = take(&house, "dead", 2).await;
    house.wait(Duration::from_secs(31));
    assert_eq!(work::recover(&house.db, house.clock.now()).await.unwrap(), 2);
    // Then its machine comes back, and its journal says that the first was on the wire.
    mark(&house, "dead", &held[0], Mark::Uncertain { why: "cut".to_owned() }).await;
    assert_eq!(work::bury(&house.db, "dead", true, house.clock.now()).await.unwrap(), 1);
    assert_eq!(house.states().await, [Uncertain, Waiting]);
    assert_eq!(take(&house, "other", 2).await.len(), 1);
}

#[tokio::test]
async fn a_reply_with_a_nul_is_kept_with_a_mark_in_its_place() {
    let house = House::with_issue(1).await;
    let claim = take(&house, "a", 1).await.remove(0);
    assert!(mark(&house, "a", &claim, Mark::Failed { reply: "550 a\0b".to_owned() }).await);
    assert_eq!(house.rows().await[0].reply.as_deref(), Some("550 a\u{FFFD}b"));
}

#[tokio::test]
async fn a_lease_that_is_prolonged_is_not_taken_back() {
    let house = House::with_issue(1).await;
    take(&house, "a", 1).await;
    house.wait(Duration::from_secs(31));
    let later = house.clock.now().checked_add(Duration::from_secs(30)).unwrap();
    work::renew(&house.db, "a", later).await.unwrap();
    assert_eq!(work::recover(&house.db, house.clock.now()).await.unwrap(), 0);
    assert_eq!(house.states().await, [Claimed]);
}

#[tokio::test]
async fn an_answer_that_comes_late_settles_the_uncertain_but_puts_nothing_off() {
    let house = House::with_issue(2).await;
    let claims = take(&house, "a", 2).await;
    house.wait(Duration::from_secs(31));
    assert_eq!(work::recover(&house.db, house.clock.now()).await.unwrap(), 2);
    assert!(mark(&house, "a", &claims[0], sent()).await);
    let deferred = Mark::Deferred { reply: "450 later".to_owned(), next_try: house.clock.now() };
    assert!(!mark(&house, "a", &claims[1], deferred).await);
    assert_eq!(house.states().await, [Sent, Uncertain]);
}

#[tokio::test]
async fn an_outcome_is_kept_with_its_message_id() {
    let house = House::with_issue(1).await;
    let claim = take(&house, "a", 1).await.remove(0);
    mark(&house, "a", &claim, sent()).await;
    assert_eq!(house.rows().await[0].message_id.as_deref(), Some("1.1@example.org"));
}

#[tokio::test]
async fn a_paused_issue_waits_and_goes_on() {
    let house = House::with_issue(2).await;
    let held = take(&house, "a", 1).await.remove(0);
    house.run("update issues set state = 'paused'").await;
    assert!(take(&house, "b", 5).await.is_empty());
    mark(&house, "a", &held, Mark::Released).await;
    assert_eq!(house.states().await, [Waiting; 2]);
    house.run("update issues set state = 'sending'").await;
    assert_eq!(take(&house, "b", 5).await.len(), 2);
}

#[tokio::test]
async fn a_cancelled_issue_spares_whoever_has_not_got_it() {
    let house = House::with_issue(5).await;
    let claims = take(&house, "a", 4).await;
    mark(&house, "a", &claims[0], sent()).await;
    let next_try = house.clock.now();
    mark(&house, "a", &claims[2], Mark::Deferred { reply: "450".to_owned(), next_try }).await;
    assert_eq!(cancel(&house.db, &digest(), 1, house.clock.now()).await.unwrap(), 2);
    assert_eq!(house.states().await, [Sent, Claimed, Excluded, Claimed, Excluded]);
    // What was on its way and is put off after the cancelling is not forgotten, nor what was not begun.
    mark(&house, "a", &claims[1], Mark::Deferred { reply: "450".to_owned(), next_try }).await;
    mark(&house, "a", &claims[3], Mark::Released).await;
    assert!(take(&house, "a", 5).await.is_empty());
    assert_eq!(house.states().await, [Sent, Excluded, Excluded, Excluded, Excluded]);
    assert!(ledger::books(&house.db, &digest(), 1).await.unwrap().done());
}

#[tokio::test]
async fn only_a_person_moves_what_is_uncertain() {
    let house = House::with_issue(4).await;
    let claims = take(&house, "a", 4).await;
    for claim in &claims {
        mark(&house, "a", claim, Mark::Uncertain { why: "cut".to_owned() }).await;
        assert!(!mark(&house, "a", claim, Mark::Released).await);
    }
    house.wait(Duration::from_hours(100));
    work::recover(&house.db, house.clock.now()).await.unwrap();
    assert!(take(&house, "a", 4).await.is_empty());
    let now = house.clock.now();
    for (id, decision) in [(1, Decision::Arrived), (2, Decision::Leave), (3, Decision::ResendUncertain)] {
        assert_eq!(decide(&house.db, &digest(), 1, Some(id), decision, now).await.unwrap(), 1);
    }
    assert_eq!(house.states().await, [Sent, Failed, Waiting, Uncertain]);
    assert_eq!(house.rows().await[1].reply.as_deref(), Some("left uncertain by the operator"));
    let again = take(&house, "a", 4).await;
    assert_eq!((again.len(), again[0].key.subscriber_id, again[0].attempts), (1, 3, 0));
    // A late answer does not overrule the person.
    assert!(!mark(&house, "a", &claims[1], sent()).await);
    assert_eq!(decide(&house.db, &digest(), 1, None, Decision::ResendFailed, now).await.unwrap(), 1);
    assert_eq!(decide(&house.db, &digest(), 1, None, Decision::ResendFailed, now).await.unwrap(), 0);
    assert_eq!(house.states().await, [Sent, Waiting, Claimed, Uncertain]);
}

#[tokio::test]
async fn books_that_do_not_balance_are_an_error_that_names_the_issue() {
    let house = House::with_issue(2).await;
    house.run("update issues set recipients = 3").await;
    let error = ledger::books(&house.db, &digest(), 1).await.unwrap_err();
    assert!(matches!(&error, StoreError::Books { issue, .. } if issue == "friday #1"), "{error}");
    assert!(ledger::books(&house.db, &digest(), 9).await.is_err());
}

#[tokio::test]
async fn an_issue_for_nobody_has_balanced_books() {
    let house = House::with_issue(0).await;
    let books = ledger::books(&house.db, &digest(), 1).await.unwrap();
    assert!(books.done() && books == Books::default());
}

#[tokio::test]
async fn a_list_shows_one_state_and_goes_on_page_by_page() {
    let house = House::with_issue(5).await;
    take(&house, "a", 2).await;
    let waiting = ledger::list(&house.db, &digest(), 1, Some(Waiting), 0, 2).await.unwrap();
    let ids: Vec<i64> = waiting.iter().map(|row| row.key.subscriber_id).collect();
    assert_eq!(ids, [3, 4]);
    let rest = ledger::list(&house.db, &digest(), 1, Some(Waiting), 4, 2).await.unwrap();
    assert_eq!(rest.len(), 1);
}

fn a_minute(count: u32) -> Rate {
    Rate::new(count, Duration::from_mins(1)).unwrap()
}

async fn take_within(house: &House, worker: &str, limits: &Limits) -> claim::Claimed {
    claim::claim(&house.db, worker, None, (100, limits), lease(), house.clock.now()).await.unwrap()
}

#[tokio::test]
async fn a_limit_holds_for_all_workers_together_and_over_restarts() {
    let house = House::with_issue(40).await;
    let limits = Limits { all: vec![("minute", a_minute(40))], ..Limits::default() };
    let first = take_within(&house, "a", &limits).await;
    assert_eq!(first.claims.len(), 2, "a twentieth at once");
    let other = take_within(&house, "b", &limits).await;
    assert!(other.claims.is_empty() && other.more_at.is_some_and(|then| then > house.clock.now()), "{other:?}");
    let mut gone = 2;
    for _ in 0..60 {
        house.wait(Duration::from_secs(1));
        gone += take_within(&house, "b", &limits).await.claims.len();
    }
    assert!((36..=40).contains(&gone), "{gone} in a minute");
}

#[tokio::test]
async fn a_domain_that_is_full_waits_in_line_and_holds_up_nobody_else() {
    let house = House::with_issue(12).await;
    house.run("update deliveries set email = 'reader@Slow.example' where subscriber_id <= 8").await;
    let domains = [("slow.example".to_owned(), Some(a_minute(4)))].into();
    let limits = Limits { domains, ..Limits::default() };
    let claimed = take_within(&house, "a", &limits).await;
    assert_eq!(claimed.claims.len(), 5, "one of the slow, all others");
    assert!(claimed.more_at.is_some());
    let waiting: Vec<_> = house.rows().await.into_iter().filter(|row| row.state == Waiting).collect();
    assert_eq!(waiting.len(), 7);
    assert!(waiting.windows(2).all(|two| two[0].next_try_at < two[1].next_try_at), "{waiting:?}");
    assert!(waiting.iter().all(|row| row.attempts == 0));
    let mut gone = Vec::new();
    for _ in 0..8 {
        house.wait(Duration::from_secs(15));
        gone.push(take_within(&house, "a", &limits).await.claims.len());
    }
    assert_eq!(gone, [1, 1, 1, 1, 1, 1, 1, 0]);
}
