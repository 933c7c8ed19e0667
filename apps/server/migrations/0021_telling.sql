-- What of the events a webhook is told, and in which form.
alter table webhooks add column filter text;          -- JSON: products, statuses, mode, changes; null: everything
alter table webhooks add column payload text not null default 'full'
  constraint webhooks_payload check (payload in ('full', 'thin'));
alter table webhooks add column transformation text;  -- JSON: Liquid templates of body and headers, parameters; null: none
alter table webhooks add column authentication text;  -- sealed JSON: OAuth2 client credentials, a client certificate; null: neither

-- part: from its object on, after the version of its webhook; whole: a template's, all of the body; failed: of an event that a template
-- failed on, empty until it is rendered again.
alter table views add column form text not null default 'part'
  constraint views_form check (form in ('part', 'whole', 'failed'));
alter table views add column headers text;            -- of a whole one: JSON object
-- Those to be rendered again once their template is mended.
create index views_failed on views (event_id) where form = 'failed';
