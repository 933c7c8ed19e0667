-- What the operator edits. Its document (what is shown and sold) is made from it and stored among the documents.
create table products (
  id text primary key,
  supplier_id text not null references suppliers (id),
  sort_order integer not null,
  definition text not null           -- JSON: ProductDefinition
);
create index products_by_supplier on products (supplier_id, sort_order);

-- What is known of a slot beyond its schedule. A slot without a row was never reserved or edited: nothing of it is booked.
create table slots (
  product_id text not null references products (id),
  option_id text not null,
  id text not null,                  -- the availability id
  local_date text not null,          -- YYYY-MM-DD at the venue
  booked bigint not null constraint slots_booked check (booked >= 0),
  capacity bigint constraint slots_capacity check (capacity >= 0),  -- in place of the schedule's; null: the schedule's
  closed integer not null constraint slots_closed check (closed in (0, 1)),
  primary key (product_id, option_id, id)
);
create index slots_by_date on slots (product_id, option_id, local_date);

-- The lock of its bookings: whoever changes one of them holds the order's row first. Its state is its document.
create table orders (
  id text primary key,
  supplier_id text not null references suppliers (id),
  connection_id text not null references connections (id),
  reference text not null,           -- short and readable; its bookings add their number
  bookings integer not null,         -- how many were ever made in it
  test_mode integer not null constraint orders_test_mode check (test_mode in (0, 1)),
  created_at bigint not null
);
create unique index orders_by_reference on orders (supplier_id, reference);

-- What bookings are searched, joined and locked by. Their state is their document.
create table bookings (
  supplier_id text not null references suppliers (id),
  uuid text not null,
  connection_id text not null references connections (id),
  order_id text not null references orders (id),
  status text not null,
  product_id text not null references products (id),
  option_id text not null,
  availability_id text,              -- null: freesale
  local_date text,                   -- YYYY-MM-DD of travel; null: freesale
  places bigint not null,            -- how many it takes of its slot now: 0 once cancelled or expired, in test mode, in freesale
  expires_at bigint,                 -- of a hold
  reseller_reference text,
  supplier_reference text not null,
  test_mode integer not null constraint bookings_test_mode check (test_mode in (0, 1)),
  fingerprint text not null,         -- SHA-256 of the reservation: the same uuid may come again only with the same one
  created_at bigint not null,
  primary key (supplier_id, uuid)
);
create index bookings_by_order on bookings (order_id);
create index bookings_due on bookings (expires_at) where status = 'ON_HOLD';
create index bookings_by_reseller_reference on bookings (connection_id, reseller_reference);
create index bookings_by_supplier_reference on bookings (connection_id, supplier_reference);
create index bookings_by_date on bookings (connection_id, local_date);
create index bookings_by_slot on bookings (product_id, option_id, availability_id);

-- The uuids of unit items, which callers may choose: each is of one booking only.
create table unit_items (
  supplier_id text not null,
  uuid text not null,
  booking_uuid text not null,
  primary key (supplier_id, uuid),
  foreign key (supplier_id, booking_uuid) references bookings (supplier_id, uuid)
);
create index unit_items_by_booking on unit_items (supplier_id, booking_uuid);
