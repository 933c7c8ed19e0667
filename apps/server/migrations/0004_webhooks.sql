create table webhooks (
  id text primary key,
  supplier_id text not null references suppliers (id),
  connection_id text not null references connections (id),
  event text not null,
  url text not null,                 -- without credentials
  credentials text,                  -- sealed: user:password for basic auth
  headers text not null,             -- sealed: JSON object
  capabilities text not null,        -- JSON array of canonical ids
  use_contact_language integer not null check (use_contact_language in (0, 1)),
  retry_on_error integer not null check (retry_on_error in (0, 1)),
  language text not null,            -- of bodies that follow no contact: the supplier's own
  signing_secret text not null,      -- sealed: whsec_…
  previous_secret text,              -- sealed: signs as well until previous_until, so that receivers can change over
  previous_until bigint,
  revision integer not null,         -- grows with every change, so that what was made of a row can be kept
  state text not null check (state in ('active', 'disabled', 'deleted')),
  state_reason text,
  created_at bigint not null,
  updated_at bigint not null
);
create index webhooks_by_connection on webhooks (connection_id, event) where state <> 'deleted';
create index webhooks_by_supplier on webhooks (supplier_id, event) where state <> 'deleted';

-- What a body says of the webhook and of its supplier, rendered once per language and never changed: every retry and
-- replay of a delivery sends the version that it was made with. Header values and credentials are masked in it.
create table webhook_versions (
  id text primary key,
  webhook_id text not null references webhooks (id),
  language text not null,
  body text not null,                -- `"webhook":{…},"supplier":{…}`
  is_current integer not null check (is_current in (0, 1))
);
create unique index webhook_versions_current on webhook_versions (webhook_id, language) where is_current = 1;

-- An event as one audience sees it, as bytes: `"booking":{…},"diff":[…]`.
create table views (
  id text primary key,
  event_id text not null references events (id),
  language text not null,
  body text not null
);
create index views_by_event on views (event_id);

-- One event owed to one webhook. The deliveries of one lane (webhook_id, lane) are sent in position order: only its head may be.
create table deliveries (
  id text primary key,               -- also the webhook-id header
  supplier_id text not null,
  webhook_id text not null references webhooks (id),
  webhook_version_id text not null references webhook_versions (id),
  event_id text not null references events (id),
  view_id text not null references views (id),
  lane text not null,                -- type and id of the subject
  position bigint not null,
  state text not null check (state in ('pending', 'held', 'delivered', 'gave_up', 'cancelled')),
  reason text,                       -- why it is held, gave up or was cancelled
  is_head integer not null check (is_head in (0, 1)),
  step integer not null,             -- steps of the retry schedule used up
  due_at bigint not null,
  lease_token text,
  lease_until bigint not null,       -- in the database's time
  created_at bigint not null,
  ended_at bigint
);
create index deliveries_due on deliveries (due_at) where state = 'pending' and is_head = 1;
create index deliveries_open on deliveries (webhook_id, lane, position) where state in ('pending', 'held');
create index deliveries_by_event on deliveries (event_id);
create index deliveries_by_webhook on deliveries (webhook_id, created_at);

create table attempts (
  id text primary key,
  delivery_id text not null references deliveries (id),
  started_at bigint not null,
  duration_ms integer not null,
  outcome text not null check (outcome in ('accepted', 'refused', 'unreachable')),
  status integer,
  reason text,                       -- dns, refused, tls, timeout, reset, … where there was no answer
  detail text,
  response text                      -- the first 16 KiB of the answer
);
create index attempts_by_delivery on attempts (delivery_id, started_at);
