-- A document is stored once, in its event: a subject points at the event that made it what it is, an event at the one before it.
create table subjects (
  supplier_id text not null references suppliers (id),
  type text not null,                -- the event type that its changes have
  id text not null,
  position bigint not null,          -- of its last event; taken under this row's lock
  event_id text not null references events (id),
  primary key (id, type, supplier_id)  -- the id first: with old statistics Postgres would walk a supplier's whole history
);
insert into subjects (supplier_id, type, id, position, event_id)
  select d.supplier_id, d.type, d.subject_id, d.position, e.id
    from documents d
    join events e on e.supplier_id = d.supplier_id and e.type = d.type and e.subject_id = d.subject_id
                 and e.position = d.position;
drop table documents;

-- `before` stays for a subject that was not new when its first event was recorded.
alter table events add column before_event_id text references events (id);
update events
   set before = null,
       before_event_id = (select earlier.id from events earlier
                           where earlier.supplier_id = events.supplier_id and earlier.type = events.type
                             and earlier.subject_id = events.subject_id and earlier.position = events.position - 1)
 where position > 1;

-- Parts that many documents share, such as the product that was booked. A document that is stored has
-- `{"$snapshot": id}` in the place of each.
create table snapshots (
  supplier_id text not null references suppliers (id),
  id text not null,                  -- SHA-256 of the body, in base64url
  body text not null,
  primary key (supplier_id, id)
);
