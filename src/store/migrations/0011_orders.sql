-- An order has a number that people name it by, says for whom it is, and what became of it.
alter table orders add column id bigint;
alter table orders add column recipients text not null default '[]';
alter table orders add column state text not null default 'waiting';
alter table orders add column number bigint;
update orders set id = (select count(*) from orders o where o.placed_at < orders.placed_at
    or (o.placed_at = orders.placed_at and (o.digest < orders.digest or (o.digest = orders.digest and o.key <= orders.key))));
update orders set number = (select i.number from issues i where i.digest = orders.digest and i.idempotency_key = orders.key);
update orders set state = case when outcome = 'done' then 'sent' else 'failed' end where finished_at is not null;
update orders set outcome = null where outcome = 'done';
create unique index orders_id on orders (id);

-- What was ordered with an idempotency key, as a hash: the same key with another order is refused.
alter table orders add column fingerprint text;
alter table issues add column fingerprint text;

-- By which rule a missed slot was dealt with, and by how much news fell short of an issue.
alter table runs add column rule text;
alter table runs add column found bigint;
alter table runs add column minimum bigint;
