-- What fetching remembers beyond the first edition: an address adopted in place of the one that is configured
-- (which stays the key), failures in a row, what a feed wishes, and hosts that asked for fewer requests.
alter table sources add column asked_at       bigint;
alter table sources add column items          bigint not null default 0;
alter table sources add column failures       bigint not null default 0;
alter table sources add column failing_since  bigint;
alter table sources add column stopped_at     bigint;
alter table sources add column address        text;
alter table sources add column moving_to      text;
alter table sources add column moving_since   bigint;
alter table sources add column plain          bigint not null default 0;
alter table sources add column wished_every_s bigint;
alter table sources add column skip_hours     bigint not null default 0;
alter table sources add column skip_days      bigint not null default 0;

-- Hosts that answered 429 lately: from the second time in a row on, the whole host is left alone.
create table hosts (
    host          text primary key,
    busy          bigint not null,
    not_before_at bigint
);

-- Subscriptions at hubs that tell of a feed's news (WebSub), one a source.
create table hub_subscriptions (
    locator     text primary key,
    token       text not null unique,
    secret      text not null,
    hub         text not null,
    topic       text not null,
    state       text not null,
    asked_at    bigint not null,
    lease_until bigint,
    pushed_at   bigint,
    note        text
);
