-- Delivery without a commit for each message: what was committed as "in hand" before is what nobody can know now,
-- and what was only claimed had not been begun. Rates are counted here, so that they hold over restarts and for all workers.
update deliveries set state = 'uncertain', attempts = attempts + 1, lease_until = null, next_try_at = null,
    reply = 'the sending process was lost while the message was handed over'
where state = 'handing';
update deliveries set state = 'waiting', worker = null, lease_until = null where state = 'claimed';

-- Times in microseconds since the epoch: when the next message would be due if all came evenly, and up to when
-- messages that had to wait have been given their places.
create table rates (
    name    text primary key,
    next_us bigint not null,
    line_us bigint not null
);

-- Workers for whom the way out is barred now, so that whoever looks at an issue sees why nothing moves.
create table halts (
    worker   text primary key,
    why      text not null,
    since_at bigint not null,
    until_at bigint not null
);
