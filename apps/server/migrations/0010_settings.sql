-- What an instance remembers of itself, by name.
create table settings (
  name text primary key,
  value text not null
);
