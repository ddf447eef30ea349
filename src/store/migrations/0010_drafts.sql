-- Scheduled issues that wait for a person. What was decided stays, so that whoever comes late is told.
create table drafts (
    id           text   primary key,
    digest       text   not null,
    due_at       bigint not null,
    window_until bigint not null,
    composed_at  bigint not null,
    content      text   not null,
    state        text   not null,
    decided_at   bigint,
    decided_by   text,
    mail_to      text   not null,
    mail_state   text   not null,
    mail_tries   bigint not null,
    mail_at      bigint not null,
    mail_reply   text
);

-- A stream has one draft at most on which something is still to be decided.
create unique index drafts_open on drafts (digest) where state in ('waiting', 'overtaken');
create index drafts_time on drafts (composed_at);
