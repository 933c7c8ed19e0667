-- What was said of an order itself, not of its bookings. JSON: OrderOwn; null: nothing.
alter table orders add column own text;

-- What orders are listed by, beside their reference; they follow the document. An order from before is found by its contact
-- once it changes. Address and name in lower case, of a phone number the digits.
alter table orders add column contact_email text;
alter table orders add column contact_last_name text;
alter table orders add column contact_phone text;
alter table orders add column updated_at bigint not null default 0;
update orders set updated_at = created_at;

create index orders_by_email on orders (connection_id, contact_email) where contact_email is not null;
create index orders_by_last_name on orders (connection_id, contact_last_name) where contact_last_name is not null;
create index orders_by_phone on orders (connection_id, contact_phone) where contact_phone is not null;
create index orders_by_creation on orders (connection_id, created_at);
create index orders_by_update on orders (connection_id, updated_at);
