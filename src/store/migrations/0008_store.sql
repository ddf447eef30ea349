-- One index for all that is asked of the ledger at large: which issues have anything in a state, what of an issue is
-- due, what is claimed, and the books of an issue, which are counted in the index alone.
drop index deliveries_open;
create index deliveries_state on deliveries (state, digest, number, next_try_at);

-- An address is looked up on all lists, and reviews by where they came from.
create index subscribers_address on subscribers (email_key);
create index reviews_source on reviews (source);
