-- Products and slots have ids that are unique within their supplier, as bookings have: two suppliers may have the same ones,
-- and no statement reaches another's. Indexes that no statement used are not made again: each cost every write.
alter table unit_items rename to old_unit_items;
alter table bookings rename to old_bookings;
alter table slots rename to old_slots;
alter table products rename to old_products;

-- What the operator edits. Its document (what is shown and sold) is made from it and stored among the documents.
create table products (
  supplier_id text not null references suppliers (id),
  id text not null,
  sort_order integer not null,
  definition text not null,          -- JSON: ProductDefinition
  primary key (supplier_id, id)
);
insert into products (supplier_id, id, sort_order, definition)
  select supplier_id, id, sort_order, definition from old_products;

-- What is known of a slot beyond its schedule. A slot without a row was never reserved or edited: nothing of it is booked.
create table slots (
  supplier_id text not null,
  product_id text not null,
  option_id text not null,
  id text not null,                  -- the availability id
  local_date text not null,          -- YYYY-MM-DD at the venue
  booked bigint not null constraint slots_booked check (booked >= 0),
  capacity bigint constraint slots_capacity check (capacity >= 0),  -- in place of the schedule's; null: the schedule's
  closed integer not null constraint slots_closed check (closed in (0, 1)),
  primary key (supplier_id, product_id, option_id, id),
  foreign key (supplier_id, product_id) references products (supplier_id, id)
);
insert into slots (supplier_id, product_id, option_id, id, local_date, booked, capacity, closed)
  select p.supplier_id, s.product_id, s.option_id, s.id, s.local_date, s.booked, s.capacity, s.closed
    from old_slots s join old_products p on p.id = s.product_id;

-- What bookings are searched, joined and locked by. Their state is their document.
create table bookings (
  supplier_id text not null references suppliers (id),
  uuid text not null,
  connection_id text not null references connections (id),
  order_id text not null references orders (id),
  status text not null,
  product_id text not null,
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
  primary key (supplier_id, uuid),
  foreign key (supplier_id, product_id) references products (supplier_id, id)
);
insert into bookings
    (supplier_id, uuid, connection_id, order_id, status, product_id, option_id, availability_id, local_date, places,
     expires_at, reseller_reference, supplier_reference, test_mode, fingerprint, created_at)
  select supplier_id, uuid, connection_id, order_id, status, product_id, option_id, availability_id, local_date, places,
         expires_at, reseller_reference, supplier_reference, test_mode, fingerprint, created_at
    from old_bookings;

-- The uuids of unit items, which callers may choose: each is of one booking only.
create table unit_items (
  supplier_id text not null,
  uuid text not null,
  booking_uuid text not null,
  primary key (supplier_id, uuid),
  foreign key (supplier_id, booking_uuid) references bookings (supplier_id, uuid)
);
insert into unit_items (supplier_id, uuid, booking_uuid) select supplier_id, uuid, booking_uuid from old_unit_items;

drop table old_unit_items;
drop table old_bookings;
drop table old_slots;
drop table old_products;

create index products_in_order on products (supplier_id, sort_order);
create index slots_by_date on slots (supplier_id, product_id, option_id, local_date);
create index bookings_due on bookings (expires_at, uuid) where status = 'ON_HOLD';
-- One for each filter of a list of bookings.
create index bookings_by_reseller_reference on bookings (connection_id, reseller_reference)
  where reseller_reference is not null;
create index bookings_by_supplier_reference on bookings (connection_id, supplier_reference);
create index bookings_by_date on bookings (connection_id, local_date);
create index bookings_by_product on bookings (connection_id, product_id, option_id);
