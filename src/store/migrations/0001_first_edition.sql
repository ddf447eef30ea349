-- The tables of the first edition. Rules (docs/decisions.md): ids are texts or integers made by us, times
-- are epoch milliseconds UTC, flags are 0 or 1, lists and records are JSON in text, and nothing here is
-- special to one database.

-- What the instance keeps for itself: the signing secret.
create table meta (
    key   text primary key,
    value text not null
);

-- When a digest was first seen: where its first window starts.
create table digests (
    name          text primary key,
    first_seen_at bigint not null
);

-- The health of every place that is read, one row a URL or folder, shared by all digests that name it.
create table sources (
    locator         text primary key,
    kind            text not null,
    etag            text,
    last_modified   text,
    validators_url  text,
    content_hash    text,
    entries         bigint not null default 0,
    last_success_at bigint,
    last_error_at   bigint,
    last_error      text,
    next_poll_at    bigint,
    not_before_at   bigint
);

-- First contact of a digest with a place: decides whether what is there counts as news.
create table contacts (
    digest  text not null,
    locator text not null,
    at      bigint not null,
    primary key (digest, locator)
);

create table works (
    id        text primary key,
    title_key text not null,
    title     text not null,
    year      bigint,
    kind      text,
    creators  text not null
);
create index works_title_key on works (title_key);

create table reviews (
    id            text primary key,
    source        text not null,
    identity      text not null,
    url           text,
    work_id       text references works (id),
    work          text not null,
    reviewer      text,
    published     text,
    rating        text,
    language      text,
    spoilers      bigint not null,
    spoiler_spans text not null,
    extent        text,
    body          text not null,
    verdicts      text not null,
    seams         text not null,
    people        text not null,
    categories    text not null,
    content_hash  text not null,
    first_seen_at bigint not null,
    updated_at    bigint not null,
    featured_at   bigint,
    featured_by   text
);
create index reviews_work on reviews (work_id);
create index reviews_first_seen on reviews (first_seen_at);
create index reviews_url on reviews (url);

-- The quote chosen from a review for one limit of length; spans is null where nothing is safe.
create table quotes (
    review_id text   not null references reviews (id),
    max_chars bigint not null,
    spans     text,
    withheld  bigint not null,
    chosen_at bigint not null,
    primary key (review_id, max_chars)
);

-- A review came to a digest: membership in a window goes by this time.
create table arrivals (
    digest     text   not null,
    review_id  text   not null references reviews (id),
    locator    text   not null,
    arrived_at bigint not null,
    seeded     bigint not null,
    primary key (digest, review_id)
);
create index arrivals_time on arrivals (digest, arrived_at);

-- One slot of a schedule, taken once whatever happens.
create table runs (
    digest     text   not null,
    due_at     bigint not null,
    started_at bigint not null,
    outcome    text,
    number     bigint,
    primary key (digest, due_at)
);

create table issues (
    digest          text   not null,
    number          bigint not null,
    kind            text   not null,
    window_from     bigint not null,
    window_until    bigint not null,
    moves_window    bigint not null,
    composed_at     bigint not null,
    content         text   not null,
    recipients      bigint not null,
    state           text   not null,
    idempotency_key text,
    primary key (digest, number)
);
create unique index issues_idempotency on issues (digest, idempotency_key);

-- A review is used only by being in an issue.
create table issue_reviews (
    digest    text   not null,
    number    bigint not null,
    review_id text   not null references reviews (id),
    quoted    bigint not null,
    primary key (digest, number, review_id),
    foreign key (digest, number) references issues (digest, number)
);
create index issue_reviews_review on issue_reviews (review_id);

-- What an issue considered and left out, with the rule.
create table drops (
    digest    text   not null,
    number    bigint not null,
    review_id text   not null references reviews (id),
    rule      text   not null,
    primary key (digest, number, review_id),
    foreign key (digest, number) references issues (digest, number)
);
create index drops_review on drops (review_id);

create table subscribers (
    id              bigint primary key,
    digest          text   not null,
    email           text   not null,
    email_key       text   not null,
    name            text,
    state           text   not null,
    created_at      bigint not null,
    confirm_sent_at bigint,
    confirmed_at    bigint,
    left_at         bigint
);
create unique index subscribers_email on subscribers (digest, email_key);
create index subscribers_state on subscribers (digest, state);

-- The ledger: one row for each recipient of an issue. The primary key is the promise "once per recipient".
create table deliveries (
    digest        text   not null,
    number        bigint not null,
    subscriber_id bigint not null,
    email         text   not null,
    name          text,
    state         text   not null,
    attempts      bigint not null default 0,
    next_try_at   bigint,
    lease_until   bigint,
    worker        text,
    reply         text,
    message_id    text,
    updated_at    bigint not null,
    primary key (digest, number, subscriber_id),
    foreign key (digest, number) references issues (digest, number)
);
create index deliveries_open on deliveries (state, next_try_at);

create table sessions (
    id_hash    text primary key,
    created_at bigint not null,
    expires_at bigint not null
);

-- One-offs placed for a later time.
create table orders (
    digest      text   not null,
    key         text   not null,
    at          bigint not null,
    picks       text   not null,
    note        text,
    keep_window bigint not null,
    placed_at   bigint not null,
    finished_at bigint,
    outcome     text,
    primary key (digest, key)
);
