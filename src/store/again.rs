//! A transaction that PostgreSQL broke off in favour of another one is run again.
//!
//! Writers that take the same rows in different order can come to wait for each other, as a worker that records
//! outcomes and another that takes back what leases left behind. PostgreSQL then ends one of them, of which nothing
//! is left; that is no fault of anybody, and no caller should have to know.

use std::time::Duration;

use super::db::StoreError;

/// Runs in all.
const RUNS: u32 = 5;
/// The wait before the second run; it doubles.
const WAIT: Duration = Duration::from_millis(5);

/// Runs a transaction, and again where the database broke it off only since another stood in its way.
///
/// `run` is one whole transaction, or one statement that is one, and does nothing else that would be done twice.
///
/// # Errors
/// What the transaction fails with, or what the last of several runs was broken off with.
pub(in crate::store) async fn again<T, R>(run: impl Fn() -> R) -> Result<T, StoreError>
where
    R: Future<Output = Result<T, StoreError>>,
{
    let mut wait = WAIT;
    for _ in 1..RUNS {
        match run().await {
            Err(error) if is_broken_off(&error) => {
                tracing::info!(%error, "a transaction was broken off in favour of another one and is run again");
                tokio::time::sleep(wait).await;
                wait *= 2;
            }
            ended => return ended,
        }
    }
    run().await
}

/// Whether it is PostgreSQL's `deadlock_detected` or `serialization_failure`: only then nothing was wrong with the
/// transaction, and nothing of it has stayed.
fn is_broken_off(error: &StoreError) -> bool {
    let StoreError::Query { source: sqlx::Error::Database(error), .. } = error else { return false };
    matches!(error.code().as_deref(), Some("40P01" | "40001"))
}
