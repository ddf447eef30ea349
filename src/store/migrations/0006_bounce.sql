-- What came back: one row a report that was taken in. `raw` is the mail or the hook's body, cut to a bounded size
-- (`cut` says whether), `proof` how the report was tied to its recipient, `effect` what followed from it.
create table reports (
    id            text primary key,
    taken_at      bigint not null,
    source        text   not null,
    kind          text   not null,
    email         text   not null,
    email_key     text   not null,
    subscriber_id bigint,
    digest        text,
    number        bigint,
    proof         text   not null,
    status        text,
    words         text   not null,
    reporter      text,
    effect        text   not null,
    raw           text   not null,
    cut           bigint not null,
    undone_at     bigint
);
create index reports_email on reports (email_key, taken_at);
create index reports_time on reports (taken_at);

-- Addresses that get nothing, whatever the digest, with the report that led to it.
create table blocks (
    email_key text primary key,
    email     text   not null,
    report_id text   not null,
    why       text   not null,
    at        bigint not null
);

-- How each membership stood before its address was blocked: what undoing brings back.
create table block_members (
    email_key     text   not null references blocks (email_key),
    subscriber_id bigint not null,
    state         text   not null,
    primary key (email_key, subscriber_id)
);

-- The mails of a mailbox that have been read; `due` where the mailbox has yet to be told what to do with one.
create table mailbox_marks (
    mailbox text   not null,
    name    text   not null,
    due     bigint not null,
    primary key (mailbox, name)
);

-- An address is looked for on all lists at once.
create index subscribers_key on subscribers (email_key);
