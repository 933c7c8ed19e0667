-- A product that was edited, while its slots are still to be told of it. A further edit meanwhile is told of together with it.
create table catalogue_edits (
  supplier_id text not null,
  product_id text not null,
  before text,                       -- JSON: the ProductDefinition that slots show to whoever heard of no edit yet; null: there was none
  option_ids text not null,          -- JSON array: the options whose slots may look different
  option_index integer not null,     -- how far it has got: the option,
  after_slot text not null,          -- and its last slot that was looked at, or the day to go on with; empty: none yet
  turn_at bigint not null,           -- ms UTC: products take turns
  created_at bigint not null,
  primary key (supplier_id, product_id),
  foreign key (supplier_id, product_id) references products (supplier_id, id)
);
create index catalogue_edits_by_turn on catalogue_edits (turn_at);
