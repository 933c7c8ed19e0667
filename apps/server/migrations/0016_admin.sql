-- Who works for a supplier, and what they may do. One that is deleted stays: what was done refers to it.
create table users (
  id text primary key,
  supplier_id text not null references suppliers (id),
  email text not null,
  email_key text not null,           -- the address in lower case
  name text not null,
  role text not null constraint users_role check (role in ('owner', 'operator', 'developer', 'viewer')),
  created_at bigint not null,
  deleted_at bigint
);
create unique index users_by_email on users (supplier_id, email_key) where deleted_at is null;

-- What a token may do: never more than its user, where it has one.
alter table admin_tokens add column role text not null default 'owner'
  constraint admin_tokens_role check (role in ('owner', 'operator', 'developer', 'viewer'));
alter table admin_tokens add column user_id text references users (id);
create index admin_tokens_by_user on admin_tokens (user_id) where user_id is not null;

-- How a supplier looks to guests. JSON: Brand; null: nothing of it was set.
alter table suppliers add column brand text;

-- The answers to calls that came with an Idempotency-Key, so that none of them is carried out twice.
create table kept_answers (
  supplier_id text not null references suppliers (id),
  idempotency_key text not null,
  fingerprint text not null,         -- SHA-256 of the call and its body, in base64url
  answer text not null,              -- JSON
  created_at bigint not null,
  primary key (supplier_id, idempotency_key)
);
create index kept_answers_by_time on kept_answers (created_at);

-- The operator's lists, newest first.
create index bookings_by_supplier on bookings (supplier_id, created_at, uuid);
create index orders_by_supplier on orders (supplier_id, created_at, id);
