-- A subscription to notifications is a webhook that is told ids only, of one or several event types.
alter table webhooks add column notification_types text;  -- JSON array of event types; null: a webhook. `event` is 'notification' then

-- A test of a webhook is a delivery of what its subject is now, and of no event; its view is as well. Nor has a view a foreign
-- key any more, which every one that is stored paid for.
alter table views rename to old_views;
create table views (
  id text primary key,
  event_id text,                     -- null: of a test
  language text not null,
  body text not null
);
insert into views (id, event_id, language, body) select id, event_id, language, body from old_views;
drop table old_views;
create index views_by_event on views (event_id);

alter table deliveries rename to old_deliveries;
create table deliveries (
  id text primary key,               -- also the webhook-id header
  supplier_id text not null,
  webhook_id text not null,
  webhook_version_id text not null,
  event_id text,                     -- null: a test
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
  ended_at bigint,
  test integer not null default 0 check (test in (0, 1))  -- 1: asked for, never retried, and has no place in its lane
);
insert into deliveries
    (id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason, is_head, step, due_at,
     lease_token, lease_until, created_at, ended_at)
  select id, supplier_id, webhook_id, webhook_version_id, event_id, view_id, lane, position, state, reason, is_head, step, due_at,
         lease_token, lease_until, created_at, ended_at
    from old_deliveries;
drop table old_deliveries;

create index deliveries_due on deliveries (due_at) where state = 'pending' and is_head = 1;
create index deliveries_open on deliveries (webhook_id, lane, position) where state in ('pending', 'held');
create unique index deliveries_by_event on deliveries (event_id, webhook_id);
create index deliveries_by_webhook on deliveries (webhook_id, created_at);
create index deliveries_by_supplier on deliveries (supplier_id, created_at, id);
