-- Which cadence of its digest a subscriber has chosen; empty for the digest's own.
alter table subscribers add column cadence text not null default '';

-- After a switch: streams whose next issue comes once more to a subscriber who has another cadence now.
create table owed_issues (
    stream        text   not null,
    subscriber_id bigint not null,
    primary key (stream, subscriber_id)
);

-- Scheduled issues that wait for a person's word, one a stream: an issue's content, but no issue yet.
create table drafts (
    digest       text   primary key,
    number       bigint not null,
    due_at       bigint not null,
    window_from  bigint not null,
    window_until bigint not null,
    composed_at  bigint not null,
    content      text   not null,
    told_at      bigint
);

-- What an order under an idempotency key asked for, so that the key is not taken for another order.
alter table issues add column order_hash text;
alter table orders add column order_hash text;
