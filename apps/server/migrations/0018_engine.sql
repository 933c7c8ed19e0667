-- How deliveries to a webhook are sent.
alter table webhooks add column ordering text not null default 'subject'
  constraint webhooks_ordering check (ordering in ('subject', 'none'));
alter table webhooks add column hold_for_ms bigint not null default 3600000;  -- how long one that fails may hold back its lane
alter table webhooks add column concurrency integer not null default 16;      -- requests at a time, of one process
alter table webhooks add column rate_per_second double precision;             -- null: no limit
alter table webhooks add column rate_burst integer;
alter table webhooks add column retry_delays text;                            -- JSON array of ms; null: those of Standard Webhooks
alter table webhooks add column paused integer not null default 0             -- 1: disabled because somebody wants it so
  constraint webhooks_paused check (paused in (0, 1));
-- It hears of every booking and order of its supplier, as the connection does that it belongs to.
alter table connections add column hears text not null default 'own'
  constraint connections_hears check (hears in ('own', 'supplier'));
alter table webhooks add column hears_all integer not null default 0
  constraint webhooks_hears_all check (hears_all in (0, 1));

-- How it went lately with a webhook: written when an attempt fails, and when one succeeds after that.
create table webhook_health (
  webhook_id text primary key,
  failures integer not null,         -- attempts that failed since the last success
  failing_since bigint,              -- when the first of them ended; null: healthy
  last_failure_at bigint,
  failing_days integer not null,     -- on how many days (UTC) some of them ended
  rests integer not null,            -- how often in a row it was left to rest
  resting_until bigint,              -- when one delivery is tried; null: it does not rest
  warned_at bigint                   -- when its operator was told that it is going to be disabled
);

-- How much a webhook with a limited rate may be sent now, whichever node sends it.
create table webhook_paces (
  webhook_id text primary key,
  tokens double precision not null,
  filled_at bigint not null          -- when there were so many, in the database's time
);

-- 0: it has no place in its lane: its webhook wants no order, or it held its lane back for too long and was set aside.
alter table deliveries add column in_lane integer not null default 1
  constraint deliveries_in_lane check (in_lane in (0, 1));
-- 1: it goes although an earlier one of its subject has not arrived.
alter table deliveries add column out_of_order integer not null default 0
  constraint deliveries_out_of_order check (out_of_order in (0, 1));
alter table deliveries add column hold_until bigint;  -- of one that failed: when it is set aside

-- Claims take turns by webhook.
drop index deliveries_due;
create index deliveries_due on deliveries (webhook_id, due_at, lease_until) where state = 'pending' and is_head = 1;
create index deliveries_waiting on deliveries (webhook_id, state, lane, position)
  where is_head = 0 and in_lane = 1 and state in ('pending', 'held');
create index deliveries_holding on deliveries (hold_until) where hold_until is not null and state = 'pending' and in_lane = 1;
create index deliveries_held on deliveries (webhook_id, lane, position) where state = 'held';
