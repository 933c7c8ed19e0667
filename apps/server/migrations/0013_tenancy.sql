-- A supplier that is suspended or deleted lets nobody in, and nothing of it is sent. Its rows stay: what was sent refers to them.
alter table suppliers add column state text not null default 'active'
  constraint suppliers_state check (state in ('active', 'suspended', 'deleted'));

-- A connection that is deleted lets nobody in; its bookings stay.
alter table connections add column deleted_at bigint;

-- A product that is deleted is not shown or sold; its bookings stay.
alter table products add column deleted_at bigint;

-- Tokens for /api. One without a supplier, or with `instance`, is the operator's of the instance: it makes suppliers.
alter table admin_tokens rename to old_admin_tokens;
create table admin_tokens (
  id text primary key,
  supplier_id text references suppliers (id),  -- null: of no supplier
  name text not null,
  token_hash text not null unique,             -- SHA-256 of the token, in hex
  instance integer not null default 0 constraint admin_tokens_instance check (instance in (0, 1)),
  created_at bigint not null
);
insert into admin_tokens (id, supplier_id, name, token_hash, instance, created_at)
  select id, supplier_id, name, token_hash, case when name = 'first start' then 1 else 0 end, created_at
    from old_admin_tokens;
drop table old_admin_tokens;
create index admin_tokens_by_supplier on admin_tokens (supplier_id);
