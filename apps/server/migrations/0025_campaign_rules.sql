-- What else a campaign says: conditions, times, recipients, limits. JSON; what it leaves out is as the code has it.
alter table campaigns add column rule text not null default '{}';
-- Of campaigns on one occasion, the one with the lowest is asked first.
alter table campaigns add column priority integer not null default 100;
-- Up to which time (ms UTC) the messages of one that goes by the time of visits have been opened; null: it begins now.
alter table campaigns add column opened_until bigint;

-- Those who have campaigns already are given the new ones switched off.
insert into campaigns (id, supplier_id, name, occasions, template, marketing, enabled, created_at, rule)
select n.name || '-' || s.supplier_id, s.supplier_id, n.name, n.occasions, n.template, n.marketing, 0, s.created_at, n.rule
  from (select supplier_id, max(created_at) as created_at from campaigns group by supplier_id) s
 cross join (
   select 'refund' as name, '["refunded"]' as occasions, 'refund' as template, 0 as marketing, '{}' as rule
   union all select 'tickets changed', '["tickets_changed"]', 'tickets_changed', 0, '{}'
   union all select 'waiver reminder', '["visit_ahead"]', 'waiver_reminder', 0, '{"offset":{"days":-2}}'
   union all select 'reminder', '["visit_ahead"]', 'reminder', 0, '{"offset":{"days":-1}}'
   union all select 'review request', '["visit_over"]', 'review_request', 1, '{"offset":{"days":1},"cap":{"most":1,"days":30}}') n
 where true
on conflict (supplier_id, name) do nothing;

-- A row of message_bookings whose booking_uuid is the id of the message's order is of the order itself.
-- news: takes in what happens to its order until it leaves. All others are for one campaign: visit by the time of a visit,
-- copy to another recipient or of another campaign than the one it came with, again at the operator's wish.
alter table messages add column kind text not null default 'news' check (kind in ('news', 'visit', 'copy', 'again'));
-- What it is beside its order, so that it is not opened twice; empty: news.
alter table messages add column apart text not null default '';
-- When it was to leave, of one that goes by the time of a visit.
alter table messages add column moment_at bigint;
-- The local day of the visit that it is about, YYYY-MM-DD.
alter table messages add column visit_date text;
-- Of a copy, or one that is sent again: the message that it was made of.
alter table messages add column copy_of text references messages (id);
drop index messages_open;
create unique index messages_open on messages (supplier_id, order_id, recipient) where state = 'settling' and apart = '';
create unique index messages_apart on messages (supplier_id, order_id, apart) where apart <> '';
create index messages_by_address on messages (supplier_id, lower(address), created_at) where address is not null;
create index messages_by_campaign on messages (campaign_id, created_at);
create index messages_by_copy on messages (copy_of) where copy_of is not null;

-- When the guests of booked places come, in the time of the clock (ms UTC) and as a local day.
create table visits (
  supplier_id text not null references suppliers (id),
  booking_uuid text not null,
  order_id text not null,
  connection_id text,
  starts_at bigint not null,
  ends_at bigint not null,
  local_date text not null,
  time_zone text not null,
  known_at bigint not null,          -- since when it is so
  primary key (supplier_id, booking_uuid)
);
create index visits_by_start on visits (supplier_id, starts_at);
create index visits_by_end on visits (supplier_id, ends_at);
create index visits_by_order on visits (supplier_id, order_id, local_date);

-- Bookings that were made with the link of a recovery e-mail, and what they are worth.
create table recoveries (
  booking_uuid text primary key,
  supplier_id text not null references suppliers (id),
  campaign_id text not null references campaigns (id),
  message_id text not null,
  order_id text not null,
  amount bigint not null,
  currency text not null,
  currency_precision integer not null,
  recovered_at bigint not null
);
create index recoveries_by_campaign on recoveries (campaign_id, recovered_at);
