-- Deliveries and attempts without foreign keys: what they refer to is made in the same transaction or never deleted before they
-- are, and checking that again took three fifths of the time of storing them. An event is owed to a webhook once, whatever goes wrong.
alter table attempts rename to old_attempts;
alter table deliveries rename to old_deliveries;

-- One event owed to one webhook. The deliveries of one lane (webhook_id, lane) are sent in position order: only its head may be.
create table deliveries (
  id text primary key,               -- also the webhook-id header
  supplier_id text not null,
  webhook_id text not null,
  webhook_version_id text not null,
  event_id text not null,
  view_id text not null,
  lane text not null,                -- type and id of the subject
  position bigint not null,
  state text not null check (state in ('pending', 'held', 'delivered', 'gave_up', 'cancelled')),
  reason text,                       -- why it is held, waits, gave up or was cancelled
  is_head integer not null check (is_head in (0, 1)),
  step integer not null,             -- steps of the retry schedule used up
  due_at bigint not null,
  lease_token text,
  lease_until bigint not null,       -- in the database's time
  created_at bigint not null,
  ended_at bigint
);
insert into deliveries
    (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason, is_head, step, due_at,
     lease_token, lease_until, created_at, ended_at)
  select id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason, is_head, step, due_at,
         lease_token, lease_until, created_at, ended_at
    from old_deliveries;

create table attempts (
  id text primary key,
  delivery_id text not null,
  started_at bigint not null,
  duration_ms integer not null,
  outcome text not null check (outcome in ('accepted', 'refused', 'unreachable')),
  status integer,
  reason text,                       -- dns, refused, tls, timeout, reset, … where there was no answer
  detail text,
  response text                      -- the first 16 KiB of the answer
);
insert into attempts (id, delivery_id, started_at, duration_ms, outcome, status, reason, detail, response)
  select id, delivery_id, started_at, duration_ms, outcome, status, reason, detail, response from old_attempts;

drop table old_attempts;
drop table old_deliveries;

create index deliveries_due on deliveries (due_at) where state = 'pending' and is_head = 1;
create index deliveries_open on deliveries (webhook_id, lane, position) where state in ('pending', 'held');
create unique index deliveries_by_event on deliveries (event_id, webhook_id);
-- The operator's lists, newest first.
create index deliveries_by_webhook on deliveries (webhook_id, created_at);
create index deliveries_by_supplier on deliveries (supplier_id, created_at, id);
create index attempts_by_delivery on attempts (delivery_id, started_at);
