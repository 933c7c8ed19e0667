-- Deliveries of one webhook that are sent again: those of a time range, in some states, of some event types.
create table replays (
  id text primary key,
  supplier_id text not null,
  webhook_id text not null,
  from_at bigint not null,           -- of the deliveries that it takes: when they became owed
  to_at bigint not null,             -- excluded
  states text not null,              -- JSON array: the ends that it takes
  events text,                       -- JSON array of event types; null: all
  per_second integer not null,
  state text not null check (state in ('running', 'done', 'cancelling', 'cancelled')),
  reason text,                       -- why it was cancelled
  found bigint not null,             -- deliveries that it was made for
  opened bigint not null,            -- that it has opened so far
  skipped bigint not null,           -- that could not be opened: their bodies were pruned, or somebody else was quicker
  delivered bigint,                  -- what came of them, written when it ends; null: to be counted
  failed bigint,
  seen_at bigint not null,           -- how far it is: after this delivery
  seen_id text not null,
  all_opened integer not null check (all_opened in (0, 1)),
  next_at bigint not null,           -- when it may open more
  created_at bigint not null,
  ended_at bigint
);
create unique index replays_running on replays (webhook_id) where state in ('running', 'cancelling');
create index replays_by_supplier on replays (supplier_id, created_at, id);

alter table deliveries add column replay_id text;      -- the last replay that opened it
alter table deliveries add column arrived_at bigint;   -- of one that is sent again: when it was delivered before
create index deliveries_replayed on deliveries (replay_id, state, step) where replay_id is not null;

-- How many deliveries were made with a view, so that one that is lost is missed. It stands before the body, which SQLite would otherwise
-- read through to get at it.
alter table views rename to old_views;
create table views (
  id text primary key,
  event_id text,                     -- null: of a test
  owed integer,                      -- deliveries that were stored with it; null: not known
  language text not null,
  body text not null
);
insert into views (id, event_id, language, body) select id, event_id, language, body from old_views;
drop table old_views;
create index views_by_event on views (event_id);
