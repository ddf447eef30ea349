//! The worker of a process, with a server that is well or not: what it takes up, gives back and tells.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use pullquote::{
    deliver::{Envelope, Event, Letter, MessageSource, Pace, Preparing},
    model::{
        DeliveryState::{Deferred, Excluded, Sent, Uncertain, Waiting},
        DigestName,
        rate::{Limits, Rate},
    },
    store::ledger::{self, Claim, claim, work},
};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::{
    issue::{House, Letters, address, digest, mailer, pace, start},
    smtp::{At, Fault, Manner, SmtpServer, Trouble},
};

const PATIENT: Duration = Duration::from_secs(30);

#[tokio::test]
async fn who_left_after_the_freeze_is_excluded_at_the_claim() {
    let house = House::with_issue(4).await;
    house.run("update subscribers set state = 'left' where id in (1, 3)").await;
    house.run("update subscribers set state = 'blocked' where id = 4").await;
    let server = SmtpServer::start(Manner::default()).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), Pace { group: 1, ..pace(1) });
    worker.drain(None, |_| ()).await.unwrap();
    assert_eq!(house.states().await, [Excluded, Sent, Excluded, Excluded]);
    let reasons: Vec<_> = house.rows().await.into_iter().map(|row| row.reply.unwrap()).collect();
    assert_eq!((reasons[0].as_str(), reasons[3].as_str()), ("left", "blocked"));
    assert_eq!(server.kept().len(), 1);
}

#[tokio::test]
async fn progress_tells_of_every_delivery_and_ends_with_the_books() {
    let house = House::with_issue(20).await;
    let trouble = vec![Trouble::for_recipient(At::Rcpt, Fault::Refuse("450 later"), &address(7))];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(4));
    let events = Arc::new(Mutex::new(Vec::new()));
    let heard = Arc::clone(&events);
    worker.drain(Some((digest(), 1)), move |event| heard.lock().unwrap().push(event.clone())).await.unwrap();
    let events = events.lock().unwrap();
    let of = |wanted| {
        events.iter().filter(|event| matches!(event, Event::Settled { state, .. } if *state == wanted)).count()
    };
    assert_eq!((of(Sent), of(Deferred)), (19, 1));
    let Some(Event::Books(books)) = events.last() else { panic!("{events:?}") };
    assert_eq!((books.recipients, books.sent, books.waiting), (20, 19, 1));
}

#[tokio::test]
async fn an_outcome_that_cannot_be_written_is_an_error_and_the_journal_knows_it_all_the_same() {
    let house = House::with_issue(4).await;
    let condition = "new.state = 'sent' and new.subscriber_id = 2";
    house.sql.trap("full_disk", "update on deliveries", Some(condition), "the disk is full").await;
    let server = SmtpServer::start(Manner::default()).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(2));
    let error = worker.drain(None, |_| ()).await.unwrap_err();
    assert!(error.to_string().contains("the disk is full"), "{error}");
    ledger::books(&house.db, &digest(), 1).await.unwrap();
    house.sql.untrap("full_disk", "update on deliveries").await;
    worker.drain(None, |_| ()).await.unwrap();
    assert_eq!(house.states().await, [Sent; 4]);
    for n in 1..=4 {
        assert_eq!(server.kept_for(&address(n)), 1);
    }
}

/// A source that has nothing for the second and breaks down over the third.
struct Faulty(Letters);

impl MessageSource for Faulty {
    fn letter<'a>(&'a self, _: &'a DigestName, _: u32) -> Preparing<'a> {
        let letter: Arc<dyn Letter> = Arc::new(Faulty(Letters { size: self.0.size }));
        Box::pin(async { Ok(letter) })
    }
}

impl Letter for Faulty {
    fn write(&self, claim: &Claim, message: &mut String) -> Result<Envelope, String> {
        match claim.key.subscriber_id {
            2 => Err("the template is missing".to_owned()),
            3 => panic!("on purpose"),
            _ => self.0.write(claim, message),
        }
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_composed_waits_alone() {
    let house = House::with_issue(4).await;
    let server = SmtpServer::start(Manner::default()).await;
    let way = mailer(&server.url("smtp", "", ""), None, PATIENT);
    house.worker_with(Faulty(Letters { size: 100 }), way.clone(), pace(1)).drain(None, |_| ()).await.unwrap();
    assert_eq!(house.states().await, [Sent, Deferred, Deferred, Sent]);
    let reply = house.rows().await[1].reply.clone().unwrap();
    assert_eq!(reply, "the message could not be composed: the template is missing");
    house.wait(Duration::from_mins(10));
    house.worker(way, pace(1)).drain(None, |_| ()).await.unwrap();
    assert_eq!(house.states().await, [Sent; 4]);
}

#[tokio::test]
async fn a_living_worker_keeps_what_it_holds() {
    let house = House::with_issue(1).await;
    let trouble = vec![Trouble::for_recipient(At::Rcpt, Fault::Stall, &address(1))];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let brief = Pace { lease: Duration::from_millis(30), ..pace(1) };
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), brief);
    let prolonged = async {
        server.struck(1).await;
        house.wait(Duration::from_hours(1));
        let mut tick = tokio::time::interval(Duration::from_millis(5));
        loop {
            tick.tick().await;
            let until = house.sql.number("select lease_until from deliveries").await;
            if until.unwrap() > house.clock.now().as_millisecond() {
                return;
            }
        }
    };
    tokio::select! {
        drained = worker.drain(None, |_| ()) => panic!("the server did not stall: {drained:?}"),
        ended = tokio::time::timeout(PATIENT, prolonged) => ended.unwrap(),
    }
    assert_eq!(work::recover(&house.db, house.clock.now()).await.unwrap(), 0);
}

#[tokio::test]
async fn shutting_down_finishes_what_is_in_hand_and_gives_the_rest_back() {
    let house = House::with_issue(5).await;
    let trouble = vec![Trouble::for_recipient(At::Rcpt, Fault::Stall, &address(2))];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(1));
    let stop = CancellationToken::new();
    let (ended, ()) = tokio::join!(worker.run(stop.clone(), |_| ()), async {
        server.struck(1).await;
        stop.cancel();
    });
    ended.unwrap();
    assert_eq!(house.states().await, [Sent, Waiting, Waiting, Waiting, Waiting]);
}

#[tokio::test]
async fn a_drain_that_is_interrupted_gives_the_rest_back() {
    let house = House::with_issue(4).await;
    let trouble = vec![Trouble::for_recipient(At::Data, Fault::Stall, &address(2))];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let interrupt = CancellationToken::new();
    let way = mailer(&server.url("smtp", "", ""), None, PATIENT);
    let worker = house.worker(way, pace(1)).interrupted_by(interrupt.clone());
    let (drained, ()) = tokio::join!(worker.drain(Some((digest(), 1)), |_| ()), async {
        server.struck(1).await;
        interrupt.cancel();
    });
    assert_eq!(drained.unwrap().books.map(|books| (books.sent, books.waiting)), Some((1, 3)));
    assert_eq!(house.states().await, [Sent, Waiting, Waiting, Waiting]);
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_the_grace_of_a_shutdown_is_uncertain() {
    let house = House::with_issue(2).await;
    let trouble = vec![Trouble::for_recipient(At::Dot, Fault::Stall, &address(1))];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let brief = Pace { grace: Duration::from_millis(10), ..pace(1) };
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), brief);
    let stop = CancellationToken::new();
    let (ended, ()) = tokio::join!(worker.run(stop.clone(), |_| ()), async {
        server.struck(1).await;
        stop.cancel();
    });
    ended.unwrap();
    assert_eq!(house.states().await, [Uncertain, Waiting]);
}

#[tokio::test]
async fn the_long_running_worker_takes_up_what_comes_later_and_lists_what_others_lost() {
    let house = House::with_issue(2).await;
    // Somebody on another machine held these and died.
    claim::claim(&house.db, "dead", None, (2, &Limits::default()), start(), start()).await.unwrap();
    house.wait(Duration::from_secs(1));
    house.freeze(2, house.clock.now()).await;
    let server = SmtpServer::start(Manner::default()).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(2));
    let stop = CancellationToken::new();
    let sent = Arc::new(Semaphore::new(0));
    let told = Arc::clone(&sent);
    let listener = move |event: &Event| {
        if matches!(event, Event::Settled { state: Sent, .. }) {
            told.add_permits(1);
        }
    };
    let (ended, ()) = tokio::join!(worker.run(stop.clone(), listener), async {
        sent.acquire_many(2).await.unwrap().forget();
        house.freeze(3, house.clock.now()).await;
        worker.nudge();
        sent.acquire_many(2).await.unwrap().forget();
        stop.cancel();
    });
    ended.unwrap();
    assert_eq!(server.kept().len(), 4);
    assert_eq!(house.states().await, [Uncertain; 2]);
}

#[tokio::test]
async fn the_long_running_worker_outlasts_a_barred_way_and_says_so() {
    let house = House::with_issue(1).await;
    let trouble = vec![Trouble { times: 6, ..Trouble::always(At::Connect, Fault::Refuse("554 5.3.2 closed")) }];
    let server = SmtpServer::start(Manner { trouble, ..Manner::default() }).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(1));
    let stop = CancellationToken::new();
    let (halts, done) = (Arc::new(Mutex::new(0)), stop.clone());
    let counted = Arc::clone(&halts);
    let listener = move |event: &Event| match event {
        Event::Halted { why, .. } => {
            assert!(why.contains("554"), "{why}");
            *counted.lock().unwrap() += 1;
        }
        Event::Settled { .. } => done.cancel(),
        Event::Books(_) => {}
    };
    worker.run(stop, listener).await.unwrap();
    assert_eq!(*halts.lock().unwrap(), 6);
    assert_eq!(house.states().await, [Sent]);
}

#[tokio::test]
async fn a_drain_goes_as_fast_as_the_limit_lets_it() {
    let house = House { clock: pullquote::clock::Clock::System, ..House::with_issue(12).await };
    let server = SmtpServer::start(Manner::default()).await;
    let limits = Limits { all: vec![("second", Rate::new(40, Duration::from_secs(1)).unwrap())], ..Limits::default() };
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(2)).limited_by(limits);
    let started = std::time::Instant::now();
    worker.drain(None, |_| ()).await.unwrap();
    assert_eq!(server.kept().len(), 12);
    assert!(started.elapsed() > Duration::from_millis(200), "{:?}", started.elapsed());
}

#[tokio::test]
async fn what_a_failed_claim_left_under_the_workers_name_goes_out_all_the_same() {
    let house = House::with_issue(2).await;
    let server = SmtpServer::start(Manner::default()).await;
    let worker = house.worker(mailer(&server.url("smtp", "", ""), None, PATIENT), pace(1));
    let condition = "new.state = 'claimed' and new.subscriber_id = 1";
    house.sql.trap("not_now", "update on deliveries", Some(condition), "not now").await;
    let (stop, halts, sent) = (CancellationToken::new(), Semaphore::new(0), Semaphore::new(0));
    let (halts, sent) = (Arc::new(halts), Arc::new(sent));
    let (halted, gone) = (Arc::clone(&halts), Arc::clone(&sent));
    let listener = move |event: &Event| match event {
        Event::Halted { .. } => halted.add_permits(1),
        Event::Settled { state: Sent, .. } => gone.add_permits(1),
        _ => {}
    };
    let (ended, ()) = tokio::join!(worker.run(stop.clone(), listener), async {
        halts.acquire().await.unwrap().forget();
        // As where the answer to a commit is lost: the row is claimed, and the worker does not know.
        let journals = std::fs::read_dir(house.database.folder().join("delivery")).unwrap();
        let names = journals.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let lock = names.into_iter().find(|name| name.ends_with(".lock")).unwrap();
        let name = lock.trim_end_matches(".lock");
        house
            .run(format!(
                "update deliveries set state = 'claimed', worker = '{name}', lease_until = {} where subscriber_id = 2",
                i64::MAX
            ))
            .await;
        halts.acquire_many(2).await.unwrap().forget();
        house.sql.untrap("not_now", "update on deliveries").await;
        let both = tokio::time::timeout(PATIENT, sent.acquire_many(2));
        both.await.expect("the second is held by nobody").unwrap().forget();
        stop.cancel();
    });
    ended.unwrap();
    assert_eq!(house.states().await, [Sent; 2]);
}
