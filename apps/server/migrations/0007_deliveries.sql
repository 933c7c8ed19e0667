-- An event is owed to a webhook once, whatever goes wrong.
drop index deliveries_by_event;
create unique index deliveries_by_event on deliveries (event_id, webhook_id);

-- The operator's list, newest first. That of one webhook has deliveries_by_webhook.
create index deliveries_by_supplier on deliveries (supplier_id, created_at, id);
