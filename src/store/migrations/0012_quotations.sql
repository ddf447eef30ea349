-- Where in a review somebody else speaks: no quote is taken there.
alter table reviews add column quotations text not null default '[]';
-- So that the reviews that are known learn it too, every source is read anew at its next visit.
update sources set content_hash = null, etag = null, last_modified = null, validators_url = null;
