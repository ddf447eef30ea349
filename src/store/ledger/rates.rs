//! The counts behind the limits of outgoing mail, taken in the transaction that claims: so they hold over restarts and
//! for all workers on one database. The rule itself is [`crate::model::rate`].

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::{
    model::rate::Limits,
    store::{
        db::{StoreError, Tx, failed},
        statement::query,
    },
};

/// The place of a domain's count in the table.
const DOMAIN: &str = "domain:";

/// What a transaction of claiming knows of the limits.
pub(super) struct Rates<'a> {
    limits: &'a Limits,
    now: i64,
    all: BTreeMap<String, Count>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Count {
    /// When the next one would be due if all came evenly.
    next: i64,
    /// The last place in the line of those that wait.
    line: i64,
}

/// What is to be done with a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Go,
    /// Not before then, in epoch milliseconds.
    Wait(i64),
}

impl<'a> Rates<'a> {
    /// Opens the counts. Claims of other workers wait meanwhile, where there is something to count.
    pub(super) async fn open(tx: &mut Tx, limits: &'a Limits, now: Timestamp) -> Result<Self, StoreError> {
        let mut rates = Self { limits, now: now.as_microsecond(), all: BTreeMap::new() };
        if !limits.is_empty() {
            tx.lock("rates").await?;
            rates.read(tx, limits.all.iter().map(|(name, _)| (*name).to_owned()).collect()).await?;
        }
        Ok(rates)
    }

    /// How many of `limit` may go now by the limits on all mail.
    pub(super) fn room(&self, limit: u32) -> u32 {
        let allowed = self.limits.all.iter().map(|(name, rate)| rate.allowed(self.count(name).next, self.now));
        allowed.fold(limit, u32::min)
    }

    /// When more may go, in epoch milliseconds, where none may now.
    pub(super) fn free_at(&self) -> i64 {
        let free = self.limits.all.iter().map(|(name, rate)| rate.free_at(self.count(name).next));
        millis_up(free.max().unwrap_or(self.now))
    }

    /// Decides about claims by the domains of their recipients, and counts those that go.
    pub(super) async fn decide(&mut self, tx: &mut Tx, domains: &[String]) -> Result<Vec<Verdict>, StoreError> {
        if self.limits.is_empty() {
            return Ok(vec![Verdict::Go; domains.len()]);
        }
        if self.limits.by_domain() {
            let mut names: Vec<String> = domains.iter().map(|domain| format!("{DOMAIN}{domain}")).collect();
            names.sort_unstable();
            names.dedup();
            self.read(tx, names).await?;
        }
        let verdicts: Vec<Verdict> = domains.iter().map(|domain| self.of(domain)).collect();
        let gone = verdicts.iter().filter(|verdict| **verdict == Verdict::Go).count();
        for (name, rate) in &self.limits.all {
            let count = self.all.entry((*name).to_owned()).or_default();
            count.next = rate.taken(count.next, self.now, u32::try_from(gone).unwrap_or(u32::MAX));
        }
        self.write(tx).await?;
        Ok(verdicts)
    }

    /// Whoever has to wait gets a place in the line of the domain, so that not all come back at once.
    fn of(&mut self, domain: &str) -> Verdict {
        let Some(rate) = self.limits.of_domain(domain) else { return Verdict::Go };
        let count = self.all.entry(format!("{DOMAIN}{domain}")).or_default();
        if rate.allowed(count.next, self.now) > 0 {
            count.next = rate.taken(count.next, self.now, 1);
            return Verdict::Go;
        }
        count.line = if count.line < count.next { count.next } else { rate.nth(count.line, 1) };
        Verdict::Wait(millis_up(count.line))
    }

    fn count(&self, name: &str) -> Count {
        self.all.get(name).copied().unwrap_or_default()
    }

    async fn read(&mut self, tx: &mut Tx, names: Vec<String>) -> Result<(), StoreError> {
        const SQL: &str = "\
            select name, next_us, line_us from rates
            where name in (select value from {json_array_elements_text(cast($1 as json))|json_each($1)})";
        let asked = serde_json::Value::from(names).to_string();
        let rows = query(SQL).bind(asked).fetch_all(tx).await.map_err(failed("reading the rates"))?;
        for row in rows {
            self.all.insert(row.get("name"), Count { next: row.get("next_us"), line: row.get("line_us") });
        }
        Ok(())
    }

    async fn write(&self, tx: &mut Tx) -> Result<(), StoreError> {
        // "where true" keeps SQLite from reading "on conflict" as part of a join.
        const SQL: &str = "\
            insert into rates (name, next_us, line_us)
            select value ->> 'k', cast(value ->> 'n' as bigint), cast(value ->> 'l' as bigint)
            from {json_array_elements(cast($1 as json))|json_each($1)} where true
            on conflict (name) do update set next_us = excluded.next_us, line_us = excluded.line_us";
        // What is long past says the same as no row.
        const FORGET: &str = "delete from rates where next_us < $1 and line_us < $1";
        const LONGEST_US: i64 = 2 * 3_600_000_000;
        let rows: Vec<serde_json::Value> = self
            .all
            .iter()
            .map(|(name, count)| serde_json::json!({"k": name, "n": count.next, "l": count.line}))
            .collect();
        query(FORGET).bind(self.now - LONGEST_US).execute(&mut *tx).await.map_err(failed("forgetting old rates"))?;
        let rows = serde_json::Value::from(rows).to_string();
        query(SQL).bind(rows).execute(tx).await.map_err(failed("writing the rates")).map(|_| ())
    }
}

fn millis_up(micros: i64) -> i64 {
    micros.div_euclid(1000) + i64::from(micros.rem_euclid(1000) != 0)
}
