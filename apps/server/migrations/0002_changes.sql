-- The current document of each subject. `position` counts its events and is taken under this row's lock.
create table documents (
  supplier_id text not null references suppliers (id),
  type text not null,                -- the event type that its changes have
  subject_id text not null,
  position bigint not null,
  document text not null,
  primary key (supplier_id, type, subject_id)
);

create table events (
  id text primary key,
  supplier_id text not null references suppliers (id),
  connection_id text,                -- whose booking or order it is; null: the supplier's own (product, availability)
  type text not null,
  subject_id text not null,
  position bigint not null,
  before text,                       -- null: the subject is new
  after text not null,
  created_at bigint not null,
  unique (supplier_id, type, subject_id, position)
);
create index events_by_time on events (supplier_id, created_at);
