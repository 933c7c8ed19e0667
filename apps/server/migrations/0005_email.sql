-- An operator's rule: on these occasions, send this template.
create table campaigns (
  id text primary key,
  supplier_id text not null references suppliers (id),
  name text not null,
  occasions text not null,           -- JSON array
  template text not null,
  marketing integer not null check (marketing in (0, 1)),  -- 1: only to guests who agreed to marketing
  enabled integer not null check (enabled in (0, 1)),
  created_at bigint not null,
  unique (supplier_id, name)
);

-- One e-mail owed to one recipient because of one campaign and one order. It is open (settling) until it leaves: what else
-- happens to its order joins it. What it says is decided when it leaves and frozen before it is handed to a provider.
create table messages (
  id text primary key,
  supplier_id text not null references suppliers (id),
  campaign_id text not null references campaigns (id),
  order_id text not null,
  recipient text not null check (recipient in ('guest')),
  state text not null check (state in ('settling', 'sending', 'sent', 'skipped', 'failed', 'unknown')),
  reason text,                       -- why it was skipped, failed or is unknown, or why it waits for another attempt
  due_at bigint not null,
  attempts integer not null,
  lease_token text,
  lease_until bigint not null,       -- in the database's time
  address text,                      -- from here to mime: null until it first left
  language text,
  provider text,
  header_id text,                    -- Message-ID, with angle brackets
  sender text,
  subject text,
  mime text,
  created_at bigint not null,
  ended_at bigint
);
-- Two nodes cannot open two.
create unique index messages_open on messages (supplier_id, order_id, recipient) where state = 'settling';
create index messages_due on messages (due_at) where state = 'settling';
create index messages_sending on messages (supplier_id, order_id) where state = 'sending';
create index messages_by_order on messages (supplier_id, order_id);
create index messages_by_time on messages (supplier_id, created_at);

-- The bookings of a message, each with the first and the last of the events that it is about.
create table message_bookings (
  message_id text not null references messages (id),
  booking_uuid text not null,
  first_event_id text not null references events (id),
  last_event_id text not null references events (id),
  primary key (message_id, booking_uuid)
);

-- One call of a provider. `outcome` is null from before the call until it is known.
create table message_attempts (
  id text primary key,
  message_id text not null references messages (id),
  number integer not null,           -- 1 for the first of a message
  provider text not null,
  started_at bigint not null,
  duration_ms integer,
  outcome text check (outcome in ('accepted', 'deferred', 'refused', 'unknown')),
  detail text,
  unique (message_id, number)
);

-- The built-in mailbox: e-mails that were sent to nobody.
create table mails (
  id text primary key,
  message_id text not null unique,   -- Message-ID, with angle brackets
  sender text not null,
  recipient text not null,
  subject text not null,
  raw text not null,
  received_at bigint not null
);
create index mails_by_time on mails (received_at);
