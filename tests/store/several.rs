//! Several processes on one database: nothing happens twice, nothing is lost, nobody has to be lucky.

use std::{collections::HashSet, sync::Arc};

use pullquote::{
    app::{
        App,
        compose::{Booking, Wish, freeze},
    },
    model::Review,
    store::{
        Db,
        arrivals::{self, Reader},
        issues::Frozen,
        reviews,
    },
};
use tokio::task::JoinSet;

use crate::house::{FRIDAY, House, collect_all, database::TestDatabase, nth};

on_each_engine!(
    processes_that_start_at_once_make_the_tables_once,
    a_slot_that_two_processes_take_gives_one_issue,
    what_two_processes_read_at_once_is_known_once,
    no_review_falls_between_two_issues_while_others_collect,
);

async fn processes_that_start_at_once_make_the_tables_once(database: TestDatabase) {
    let mut starting = JoinSet::new();
    for _ in 0..6 {
        let location = database.location.clone();
        starting.spawn(async move { Db::open(&location).await.map(|_| ()) });
    }
    while let Some(started) = starting.join_next().await {
        started.unwrap().unwrap();
    }
}

/// Two processes on the house.
async fn two(house: &House) -> [Arc<App>; 2] {
    [house.open().await, house.open().await]
}

async fn a_slot_that_two_processes_take_gives_one_issue(database: TestDatabase) {
    let house = House::club_on(database);
    (0..3).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    let apps = two(&house).await;
    collect_all(&apps[0]).await;
    let due_at = Some(house.now());
    let mut freezing = JoinSet::new();
    for n in 0..8 {
        let app = apps[n % 2].clone();
        freezing.spawn(async move {
            let (digest, booking) = (app.digest(FRIDAY).unwrap(), Booking { due_at, ..Booking::default() });
            freeze(&app, &digest, &Wish::default(), &booking).await.unwrap()
        });
    }
    let frozen = freezing.join_all().await;
    assert_eq!(frozen.iter().filter(|frozen| matches!(frozen, Frozen::Issue { .. })).count(), 1, "{frozen:?}");
    assert_eq!(frozen.iter().filter(|frozen| **frozen == Frozen::Already(Some(1))).count(), 7, "{frozen:?}");
    assert_eq!(house.sql().await.rows("issues").await, 1);
}

async fn what_two_processes_read_at_once_is_known_once(database: TestDatabase) {
    let house = House::club_on(database);
    (0..8).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    let apps = two(&house).await;
    let collected = tokio::join!(collect_all(&apps[0]), collect_all(&apps[1]));
    for report in collected.0.iter().chain(&collected.1) {
        assert!(report.result.is_ok(), "{report:?}");
    }
    let sql = house.sql().await;
    assert_eq!((sql.rows("reviews").await, sql.rows("arrivals").await, sql.rows("works").await), (8, 8, 8));
}

/// One process takes in a review after another, another freezes an issue after another: each review is in exactly
/// one issue.
async fn no_review_falls_between_two_issues_while_others_collect(database: TestDatabase) {
    const REVIEWS: usize = 12;
    let house = House::club_on(database);
    (0..REVIEWS).for_each(|n| house.write(&format!("club/{n}.md"), &nth(n)));
    // Read in another house, so that here they can come one by one.
    let library = House::club_on(TestDatabase::sqlite());
    (0..REVIEWS).for_each(|n| library.write(&format!("club/{n}.md"), &nth(n)));
    let read = library.open().await;
    collect_all(&read).await;
    let found: Vec<Review> =
        reviews::newest(&read.db, None, 99).await.unwrap().into_iter().map(|stored| stored.review).collect();
    assert_eq!(found.len(), REVIEWS);

    let [one, other] = two(&house).await;
    let clock = house.clock.clone();
    let arriving = tokio::spawn({
        let found = found.clone();
        async move {
            for review in found {
                let digest = one.digest(FRIDAY).unwrap();
                let reader = Reader {
                    digest: FRIDAY,
                    first: pullquote::model::digest::First::Include,
                    featured_categories: &[],
                    max_chars: digest.quote.max_chars,
                };
                arrivals::record(&one.db, "club", &[reader], &[review], clock.now()).await.unwrap();
            }
        }
    });
    let digest = other.digest(FRIDAY).unwrap();
    let mut used: Vec<pullquote::model::ReviewId> = Vec::new();
    loop {
        let over = arriving.is_finished();
        house.wait(jiff::Span::new().milliseconds(1));
        let frozen = freeze(&other, &digest, &Wish::default(), &Booking::default()).await.unwrap();
        if let Frozen::Issue { issue, .. } = frozen {
            used.extend(issue.used().cloned());
        } else if over {
            break;
        }
    }
    arriving.await.unwrap();
    assert_eq!(used.len(), REVIEWS, "each in one issue");
    assert_eq!(used.iter().collect::<HashSet<_>>(), found.iter().map(|review| &review.id).collect());
}
