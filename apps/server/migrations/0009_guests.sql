-- For which address an order is, and when something was last held or booked in it for that address: a guest who came back to
-- another order is not asked to complete this one.
create table order_guests (
  supplier_id text not null references suppliers (id),
  address_hash text not null,        -- SHA-256 of the address in lower case, in base64url
  order_id text not null,
  held_at bigint not null,
  primary key (supplier_id, address_hash, order_id)
);

-- How often in a row a message could not even be looked at or written, so that it ends some day.
alter table messages add column failures integer not null default 0;

-- Whose guests' e-mails these are; null: kept before this was noted.
alter table mails add column supplier_id text references suppliers (id);
