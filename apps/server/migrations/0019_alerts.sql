-- Where a supplier's operators are told how it goes with its webhooks; a supplier without a row has nobody told.
create table alerts (
  supplier_id text primary key references suppliers (id),
  emails text not null,              -- JSON array of addresses
  url text,                          -- of the operational webhook; null: none
  secret text,                       -- sealed: whsec_…, with which calls of the URL are signed
  updated_at bigint not null
);

-- What operators are told: that a webhook fails and is going to be disabled, that it was disabled, that it answers again.
create table notices (
  id text primary key,
  supplier_id text not null,
  webhook_id text not null,
  kind text not null constraint notices_kind check (kind in ('webhook_failing', 'webhook_disabled', 'webhook_recovered')),
  body text not null,                -- JSON: what the operational webhook is sent
  created_at bigint not null
);
create index notices_by_supplier on notices (supplier_id, created_at, id);

-- One notice owed to one address, or to the operational webhook as it is by then.
create table notice_tellings (
  id text primary key,               -- also the webhook-id header, and part of the Message-ID
  notice_id text not null,
  supplier_id text not null,
  address text,                      -- of an e-mail; null: the operational webhook
  state text not null constraint notice_tellings_state check (state in ('pending', 'told', 'gave_up', 'cancelled')),
  reason text,                       -- why it waits, gave up or was cancelled
  step integer not null,             -- steps of the retry schedule used up
  due_at bigint not null,
  lease_token text,
  lease_until bigint not null,       -- in the database's time
  ended_at bigint
);
create index notice_tellings_due on notice_tellings (due_at) where state = 'pending';
create index notice_tellings_by_notice on notice_tellings (notice_id);

alter table webhook_health add column last_error text;  -- what went wrong at the last failure
create index webhook_health_failing on webhook_health (failing_since) where failing_since is not null;

-- What a webhook missed while it failed.
create index deliveries_gave_up on deliveries (webhook_id, ended_at) where state = 'gave_up';

-- The trace that an event is part of (W3C trace context), while traces are on: attempts follow at any time, in any process.
create table event_traces (
  event_id text primary key,
  traceparent text not null,
  created_at bigint not null
);
create index event_traces_by_time on event_traces (created_at);
