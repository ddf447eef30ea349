-- One index for all that is asked of the ledger at large: which issues have anything in a state, what of an issue is
-- due, what is claimed, and the books of an issue, which are counted in the index alone.
drop index deliveries_open;
create index deliveries_state on deliveries (state, digest, number, next_try_at);

-- Reviews are looked for by where they came from.
create index reviews_source on reviews (source);
