-- What an editor decided on the quote of a review, one row a decision, none ever taken out; the one with the highest
-- number holds. spans with the words they gave, or null: back to the sentences that were chosen.
create table quote_decisions (
    review_id        text   not null references reviews (id),
    number           bigint not null,
    spans            text,
    words            text,
    spoilers_allowed bigint not null,
    reason           text,
    decided_by       text   not null,
    decided_at       bigint not null,
    primary key (review_id, number)
);

-- Good ways to quote a review, the best first, from which those that meet in one issue are made to differ.
alter table quotes add column passages text;
