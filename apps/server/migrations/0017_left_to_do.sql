-- Until when an order waits for its first booking, ms UTC; null: it has one, has ended, or waits as long as need be.
alter table orders add column expires_at bigint;
create index orders_due on orders (expires_at) where expires_at is not null;

-- Orders from before their contact was searched by: what is searched is taken from their documents, in portions, once a server runs.
create table orders_unsearched (
  id text primary key references orders (id)
);
insert into orders_unsearched (id)
  select id from orders where contact_email is null and contact_last_name is null and contact_phone is null;
