-- Events have an order that whoever pulls them can go through: each is later than all of its supplier that were committed before it.
-- They, and what refers to them, have no foreign keys any more: an event that is pruned would be looked for in all of these. What is
-- large stands last, so that SQLite need not read through it.
alter table subjects rename to old_subjects;
create table subjects (
  supplier_id text not null references suppliers (id),
  type text not null,                -- the event type that its changes have
  id text not null,
  position bigint not null,          -- of its last event; taken under this row's lock
  event_id text not null,
  primary key (id, type, supplier_id)
);
insert into subjects (supplier_id, type, id, position, event_id)
  select supplier_id, type, id, position, event_id from old_subjects;
drop table old_subjects;

alter table message_bookings rename to old_message_bookings;
create table message_bookings (
  message_id text not null references messages (id),
  booking_uuid text not null,
  first_event_id text not null,
  last_event_id text not null,
  primary key (message_id, booking_uuid)
);
insert into message_bookings (message_id, booking_uuid, first_event_id, last_event_id)
  select message_id, booking_uuid, first_event_id, last_event_id from old_message_bookings;
drop table old_message_bookings;
create index message_bookings_first on message_bookings (first_event_id);
create index message_bookings_last on message_bookings (last_event_id);

alter table events rename to old_events;
create table events (
  id text primary key,
  supplier_id text not null references suppliers (id),
  connection_id text,                -- whose booking or order it is; null: the supplier's own (product, availability)
  type text not null,
  subject_id text not null,
  position bigint not null,
  before_event_id text,              -- the event before it, whose `after` is its `before`
  created_at bigint not null,
  sequence bigserial,                -- its place in the order of its supplier's events; Postgres counts all suppliers' together
  before text,                       -- of a subject that was not new when its first event was recorded
  after text not null,
  unique (supplier_id, type, subject_id, position)
);
insert into events (id, supplier_id, connection_id, type, subject_id, position, before_event_id, created_at, before, after)
  select id, supplier_id, connection_id, type, subject_id, position, before_event_id, created_at, before, after
    from old_events
   order by created_at, position, id;
drop table old_events;
-- Where the column counts by itself (Postgres), there is nothing left to do.
update events
   set sequence = placed.place
  from (select id, row_number() over (partition by supplier_id order by created_at, position, id) as place from events) as placed
 where placed.id = events.id and events.sequence is null;
create index events_by_time on events (supplier_id, created_at);
create unique index events_in_order on events (supplier_id, sequence);

-- What prunes what is older than it is kept for: how far each has got. Whoever works on one holds its row.
create table sweeps (
  name text primary key,
  seen text not null,                -- the last id that was looked at; empty: it begins
  next_at bigint not null            -- ms UTC
);
insert into sweeps (name, seen, next_at)
  values ('attempts', '', 0), ('bodies', '', 0), ('deliveries', '', 0), ('events', '', 0), ('versions', '', 0);
create index webhook_versions_by_webhook on webhook_versions (webhook_id, language, id);
-- The newest event of each supplier that was pruned: whoever pulls and has not come so far has missed something.
create table pruned_events (
  supplier_id text primary key references suppliers (id),
  sequence bigint not null
);

-- Guests whose personal data was erased, or is being erased.
create table erasures (
  id text primary key,
  supplier_id text not null references suppliers (id),
  address_hash text not null,        -- SHA-256 of the address in lower case, in base64url: all that is kept of it
  state text not null check (state in ('finding', 'erasing', 'done')),
  seen bigint not null,              -- the last event that was looked through
  until bigint,                      -- the last that is to be; null: not known yet
  erased text not null,              -- JSON: how much of what
  created_at bigint not null,
  ended_at bigint
);
create index erasures_by_supplier on erasures (supplier_id, created_at, id);
create index erasures_open on erasures (created_at) where state <> 'done';
-- Orders with that guest that are still to be gone through.
create table erasure_orders (
  erasure_id text not null references erasures (id),
  order_id text not null,
  next_at bigint not null,           -- ms UTC: an e-mail that is just leaving is waited for
  primary key (erasure_id, order_id)
);
create index deliveries_tests on deliveries (supplier_id, lane) where test = 1;
