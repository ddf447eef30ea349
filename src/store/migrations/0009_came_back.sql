-- What came back of an issue is shown beside its deliveries.
create index reports_issue on reports (digest, number, subscriber_id);
