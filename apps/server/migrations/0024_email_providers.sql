-- Who takes a supplier's e-mails to its guests; a supplier with none has the instance's.
create table email_providers (
  id text primary key,
  supplier_id text not null references suppliers (id),
  kind text not null check (kind in ('postmark', 'mailjet', 'smtp', 'mailbox')),
  name text not null,
  settings text not null,            -- sealed: JSON
  sender text,                       -- the address that guests see; null: the instance's
  is_default integer not null check (is_default in (0, 1)),
  revision integer not null,         -- rises with every change
  callback_hash text unique,         -- SHA-256 of the token in the path of its reports; null where it makes none
  callback_secret text,              -- sealed: JSON with that token and the password
  callback_state text,               -- JSON: which reports the provider has been told to make, or why not
  created_at bigint not null,
  unique (supplier_id, name)
);
create unique index email_providers_default on email_providers (supplier_id) where is_default = 1;

-- Which of the supplier's providers a message was handed to; null: the instance's.
alter table messages add column provider_id text;
-- The provider's own id of what it took.
alter table message_attempts add column provider_ref text;
create index message_attempts_by_ref on message_attempts (provider_ref) where provider_ref is not null;

-- What a provider reported about a message after it took it.
create table message_events (
  id text primary key,
  message_id text not null references messages (id),
  kind text not null check (kind in ('delivered', 'bounced', 'complained', 'opened', 'clicked', 'unsubscribed')),
  detail text,                       -- of a bounce: its type; of a click: where to
  happened_at bigint not null,
  received_at bigint not null,
  fingerprint text not null,         -- SHA-256 of the report: one that comes twice is one
  unique (message_id, fingerprint)
);

-- Addresses that a supplier does not write to. One that was lifted is kept until its providers know.
create table suppressions (
  id text primary key,
  supplier_id text not null references suppliers (id),
  address_hash text not null,        -- SHA-256 of the address in lower case, in base64url
  scope text not null check (scope in ('all', 'marketing')),
  reason text not null check (reason in ('bounce', 'complaint', 'unsubscribe', 'manual')),
  source text not null,              -- operator, link, or the kind of the provider that told of it
  address text,                      -- sealed, and only until its providers know
  lifted_at bigint,
  created_at bigint not null,
  unique (supplier_id, address_hash, scope)
);
create index suppressions_by_time on suppressions (supplier_id, created_at, id);

-- What unsubscribe links are signed with: they must hold longer than the master secret may.
create table unsubscribe_keys (
  id text primary key,
  sealed text not null               -- sealed
);
