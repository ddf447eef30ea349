-- Which cadence of its digest a subscriber has chosen; empty for the digest's own.
alter table subscribers add column cadence text not null default '';

-- After a switch: streams whose next issue comes once more to a subscriber who has another cadence now.
create table owed_issues (
    stream        text   not null,
    subscriber_id bigint not null,
    primary key (stream, subscriber_id)
);
