-- Where in a review somebody else speaks: no quote is taken there.
alter table reviews add column quotations text not null default '[]';
