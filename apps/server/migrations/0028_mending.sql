-- An erasure goes through the kept answers in portions, and one that failed waits its turn.
alter table erasures add column answers_seen text not null default '';  -- the last key that was looked through
alter table erasures add column next_at bigint not null default 0;      -- ms UTC
-- What is kept because it is its subject's last is looked at again once a day, not at every sweep.
alter table sweeps add column begun_at bigint not null default 0;       -- ms UTC: when it last began anew
-- What templates failed on is found by webhook, a portion at a time.
create index deliveries_given_up on deliveries (webhook_id, id) where state = 'gave_up';
