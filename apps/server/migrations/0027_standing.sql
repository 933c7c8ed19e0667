-- Webhooks whose state has changed, until everything that they are owed agrees with it.
create table webhooks_out_of_line (
  webhook_id text primary key,
  due_at bigint not null             -- when they are looked after, ms UTC
);
create index webhooks_out_of_line_due on webhooks_out_of_line (due_at);
insert into webhooks_out_of_line (webhook_id, due_at) select id, 0 from webhooks;

-- How a delivery that is sent again had ended, so that a replay which is cancelled leaves it as it was.
alter table deliveries add column earlier_state text
  constraint deliveries_earlier_state check (earlier_state in ('delivered', 'gave_up', 'cancelled'));
alter table deliveries add column earlier_reason text;
alter table deliveries add column earlier_ended_at bigint;

-- When an attempt failed on the last day (UTC) with failures before that of `last_failure_at`.
alter table webhook_health add column earlier_failure_at bigint;
