-- What a source tells of a review beside text and rating (liked, seen again, when, picture), and the ids of works in
-- catalogues, by which two titles are known to be one work.

alter table reviews add column ids text not null default '[]';
alter table reviews add column details text not null default '{}';

-- An entry that had no text got one: it is news once more, and an issue before that moment did not use it up.
alter table arrivals add column renewed_at bigint;

create table work_ids (
    id      text primary key,
    work_id text not null references works (id)
);
create index work_ids_work on work_ids (work_id);
