/**
 * Ends a delivery that is open (a part of an update, with the reason as $2 and now, ms UTC, as $3): one that had arrived before it was
 * sent again is delivered, as it was; all others are cancelled.
 */
export const putBack = `
  state = case when arrived_at is null then 'cancelled' else 'delivered' end,
  reason = case when arrived_at is null then $2 end,
  ended_at = coalesce(arrived_at, $3), lease_token = null, lease_until = 0, hold_until = null`;
