//! The promise: for every issue, at any moment and after any fault, the recipients frozen are all accounted
//! for, and nobody gets an issue twice.

#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

#[path = "support/issue.rs"]
mod issue;
#[path = "support/smtp.rs"]
mod smtp;

use std::{future::Future, time::Duration};

use issue::{House, Letters, address, digest, mailer, pace, start};
use pullquote::{
    deliver::Pace,
    model::DeliveryState::{self, Claimed, Deferred, Failed, Sent, Uncertain, Waiting},
};
use smtp::{At, Encryption, Fault, Manner, SmtpServer, Trouble};
use tokio::task::JoinSet;

const LATER: Fault = Fault::Refuse("450 4.2.1 later");
const NEVER: Fault = Fault::Refuse("550 5.1.1 nobody");
/// Long enough for a busy machine.
const PATIENT: Duration = Duration::from_secs(30);
/// Short, where a server is silent on purpose.
const IMPATIENT: Duration = Duration::from_millis(900);

fn patience(fault: Fault) -> Duration {
    if fault == Fault::Stall { IMPATIENT } else { PATIENT }
}

/// Runs cases side by side, since most of them wait; the first that fails, fails the test.
async fn all(cases: impl IntoIterator<Item = impl Future<Output = ()> + Send + 'static>) {
    let mut running: JoinSet<()> = cases.into_iter().collect();
    while let Some(ended) = running.join_next().await {
        ended.unwrap();
    }
}

/// Three recipients, a fault that strikes the second: what becomes of it, and that the others get theirs.
async fn second_of_three(pipelining: bool, at: At, fault: Fault, expected: DeliveryState) {
    let case = format!("{at:?} {fault:?} pipelining {pipelining}");
    let house = House::with_issue(3).await;
    let trouble = vec![Trouble::for_recipient(at, fault, &address(2))];
    let server = SmtpServer::start(Manner { pipelining, trouble, ..Manner::default() }).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, patience(fault)), pace(1));
    let drained = worker.drain(Some((digest(), 1)), |_| ()).await.unwrap();
    assert_eq!(drained.halted, None, "{case}");
    assert_eq!(house.states().await, [Sent, expected, Sent], "{case}");

    // The server recovers, the clock moves on: only what was put off is tried again.
    server.mend();
    house.wait(Duration::from_mins(10));
    worker.drain(Some((digest(), 1)), |_| ()).await.unwrap();
    let end = if expected == Deferred { Sent } else { expected };
    assert_eq!(house.states().await, [Sent, end, Sent], "{case}");
    for n in 1..=3 {
        let kept = server.kept_for(&address(n));
        let right = if n != 2 || expected == Deferred { kept == 1 } else { kept == usize::from(expected == Uncertain) };
        assert!(right, "{case}: {} was kept {kept} times", address(n));
    }
}

#[tokio::test]
async fn a_refused_recipient_fails_or_waits_alone() {
    let closing = Fault::Refuse("421 4.3.2 closing");
    let mut cases = Vec::new();
    for (pipelining, at) in [false, true].into_iter().flat_map(|p| [At::Rcpt, At::Data, At::Dot].map(|at| (p, at))) {
        for (fault, expected) in [(LATER, Deferred), (NEVER, Failed), (closing, Deferred)] {
            cases.push(second_of_three(pipelining, at, fault, expected));
        }
    }
    all(cases).await;
}

#[tokio::test]
async fn a_lost_connection_puts_one_recipient_off_before_the_body_and_is_uncertain_after_the_final_dot() {
    let mut cases = Vec::new();
    for (at, expected) in [(At::Rcpt, Deferred), (At::Data, Deferred), (At::Dot, Uncertain)] {
        for fault in [Fault::Stall, Fault::Cut, Fault::Rubbish] {
            cases.extend([false, true].map(|pipelining| second_of_three(pipelining, at, fault, expected)));
        }
    }
    all(cases).await;
}

#[tokio::test]
async fn a_connection_lost_in_the_middle_of_a_long_body_puts_one_recipient_off() {
    // Longer than all the buffers between: the final dot cannot have been written.
    const LONG: usize = 24_000_000;
    for fault in [Fault::Stall, Fault::Cut] {
        let house = House::with_issue(1).await;
        let trouble = vec![Trouble::once(At::Body, fault)];
        let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
        let limit = if fault == Fault::Stall { Duration::from_secs(3) } else { PATIENT };
        let worker =
            house.worker_with(Letters { size: LONG }, mailer(&server.url("smtp", "", ""), None, limit), pace(1));
        worker.drain(Some((digest(), 1)), |_| ()).await.unwrap();
        assert_eq!(house.states().await, [Deferred], "{fault:?}");
        assert_eq!(server.kept().len(), 0);
    }
}

#[tokio::test]
async fn a_connection_lost_when_a_short_body_was_out_is_uncertain() {
    let house = House::with_issue(1).await;
    let trouble = vec![Trouble::always(At::Body, Fault::Stall)];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, IMPATIENT), pace(1));
    worker.drain(Some((digest(), 1)), |_| ()).await.unwrap();
    assert_eq!(house.states().await, [Uncertain]);
}

/// A fault of the way, not of a recipient: nobody fails, all wait, it is said; once mended, all is sent.
async fn barred(pipelining: bool, at: At, fault: Fault) {
    let case = format!("{at:?} {fault:?} pipelining {pipelining}");
    let house = House::with_issue(3).await;
    let server = SmtpServer::start(Manner {
        tls: Encryption::StartTls,
        login: Some(("club", "secret")),
        pipelining,
        trouble: vec![Trouble::always(at, fault)],
        ..Manner::default()
    })
    .await;
    let authority = server.authority(house.database.folder());
    let url = server.url("smtp", "club:secret@", "?tls=required");
    let give_up_after = Some(if fault == Fault::Stall { 1 } else { 3 });
    let worker = house.worker(mailer(&url, Some(&authority), patience(fault)), Pace { give_up_after, ..pace(2) });
    let drained = worker.drain(Some((digest(), 1)), |_| ()).await.unwrap();
    assert!(drained.halted.is_some_and(|why| why.contains("127.0.0.1") || at == At::Mail), "{case}");
    assert_eq!(house.states().await, [Waiting; 3], "{case}");
    assert!(house.rows().await.iter().all(|row| row.attempts == 0), "{case}");

    server.mend();
    let worker = house.worker(mailer(&url, Some(&authority), PATIENT), pace(2));
    let drained = worker.drain(Some((digest(), 1)), |_| ()).await.unwrap();
    assert_eq!(drained.halted, None, "{case}");
    assert_eq!(house.states().await, [Sent; 3], "{case}");
    assert_eq!(server.kept().len(), 3, "{case}");
}

#[tokio::test]
async fn a_barred_way_fails_nobody() {
    let mut cases = Vec::new();
    for at in [At::Connect, At::Ehlo, At::StartTls, At::Auth, At::Mail] {
        let refused = ["451 4.3.0 later", "554 5.7.1 no"].map(Fault::Refuse);
        cases.extend(
            refused
                .into_iter()
                .chain([Fault::Cut, Fault::Rubbish, Fault::Stall])
                .flat_map(|fault| [false, true].map(|pipelining| barred(pipelining, at, fault))),
        );
    }
    all(cases).await;
}

#[tokio::test]
async fn a_server_that_is_not_there_fails_nobody() {
    let house = House::with_issue(2).await;
    let server = SmtpServer::start(Manner::default()).await;
    let url = server.url("smtp", "", "");
    drop(server);
    let drained = house.worker(mailer(&url, None, PATIENT), pace(1)).drain(None, |_| ()).await.unwrap();
    assert!(drained.halted.is_some());
    assert_eq!(house.states().await, [Waiting; 2]);
}

#[tokio::test]
async fn a_bad_farewell_changes_nothing() {
    for fault in [Fault::Refuse("421 no"), Fault::Stall, Fault::Cut, Fault::Rubbish] {
        let house = House::with_issue(2).await;
        let server =
            SmtpServer::start(Manner { trouble: vec![Trouble::always(At::Quit, fault)], ..Manner::default() }).await;
        let worker = house.worker(mailer(&server.url("smtp", "", ""), None, patience(fault)), pace(1));
        worker.drain(Some((digest(), 1)), |_| ()).await.unwrap();
        assert_eq!(house.states().await, [Sent; 2]);
    }
}

#[tokio::test]
async fn a_recipient_who_is_put_off_for_two_days_fails_in_the_end() {
    let house = House::with_issue(1).await;
    let server =
        SmtpServer::start(Manner { trouble: vec![Trouble::always(At::Rcpt, LATER)], ..Manner::default() }).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(1));
    let mut tries = 0;
    while house.states().await != [Failed] {
        worker.drain(None, |_| ()).await.unwrap();
        tries += 1;
        assert!(tries < 30);
        if let Some(next) = house.rows().await[0].next_try_at {
            assert!(next > house.clock.now());
            house.clock.set(next);
        }
    }
    let hours = (house.clock.now().as_second() - start().as_second()) / 3600;
    assert!((38..=60).contains(&hours), "given up after {hours} hours");
    assert!(house.rows().await[0].reply.as_deref().unwrap().starts_with("tried for two days: 450 4.2.1 later"));
}

/// The process is lost while the server keeps the second of four waiting at a step.
async fn lost_at(at: At, expected: DeliveryState) {
    let house = House::with_issue(4).await;
    let trouble = vec![Trouble::for_recipient(at, Fault::Stall, &address(2))];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(1));
    {
        let drain = worker.drain(None, |_| ());
        tokio::select! {
            drained = drain => panic!("the server did not stall: {drained:?}"),
            () = server.struck(1) => {}
        }
    }
    server.mend();
    // The journal is free once the last task of the lost process is gone; then it is read at the next start.
    for _ in 0..1000 {
        tokio::task::yield_now().await;
        worker.drain(None, |_| ()).await.unwrap();
        if !house.states().await.contains(&Claimed) {
            break;
        }
    }
    assert_eq!(house.states().await, [Sent, expected, Sent, Sent], "{at:?}");
    for n in [1, 3, 4] {
        assert_eq!(server.kept_for(&address(n)), 1, "{at:?} {n}");
    }
    let kept = server.kept_for(&address(2));
    assert!(if expected == Sent { kept == 1 } else { kept <= 1 }, "{at:?}: kept {kept}");
}

#[tokio::test]
async fn a_process_lost_before_the_body_doubles_nothing_and_forgets_nobody() {
    lost_at(At::Rcpt, Sent).await;
    lost_at(At::Data, Sent).await;
}

#[tokio::test]
async fn a_process_lost_with_a_message_in_hand_leaves_it_uncertain() {
    lost_at(At::Body, Uncertain).await;
    lost_at(At::Dot, Uncertain).await;
}
