-- Who made a token: the token that asked for it, which may be revoked since, and whose that was; null: nobody's, or it is from before.
alter table admin_tokens add column created_by_token text;
alter table admin_tokens add column created_by_user text references users (id);

-- The operator's lists in the orders that they have: by day of travel, of one status, and of one connection.
create index bookings_by_day on bookings (supplier_id, local_date, uuid);
create index bookings_by_status on bookings (supplier_id, status, created_at, uuid);
create index bookings_by_creation on bookings (connection_id, created_at, uuid);
drop index orders_by_creation;
create index orders_by_creation on orders (connection_id, created_at, id);
