-- A supplier is a tenant; every other row belongs to one.
create table suppliers (
  id text primary key,
  document text not null,            -- JSON: SupplierDocument
  language text not null,            -- BCP 47: what is shown when nobody asks for another
  languages text not null,           -- JSON array of BCP 47 tags that its texts exist in
  time_zone text not null,           -- IANA
  hold_seconds integer not null check (hold_seconds > 0),
  settling_ms integer not null check (settling_ms >= 0),  -- how long an e-mail waits for what else happens to its order
  checkout_url text,                 -- where a guest books; recovery e-mails lead there
  created_at bigint not null
);

-- A party that books or listens. `key_hash` is the SHA-256 of its API key, in hex.
create table connections (
  id text primary key,
  supplier_id text not null references suppliers (id),
  name text not null,
  kind text not null check (kind in ('website', 'reseller')),
  emails integer not null check (emails in (0, 1)),  -- 1: its guests get e-mails; 0: only where a booking asks (emailReceipt)
  key_hash text not null unique,
  created_at bigint not null
);
create index connections_by_supplier on connections (supplier_id);

-- Tokens for /api. `token_hash` is the SHA-256 of the token, in hex.
create table admin_tokens (
  id text primary key,
  supplier_id text not null references suppliers (id),
  name text not null,
  token_hash text not null unique,
  created_at bigint not null
);
