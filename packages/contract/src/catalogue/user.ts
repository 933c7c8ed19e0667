import * as z from 'zod';
import { isEmailAddress } from '../email-address.ts';
import { line } from '../requests/text.ts';

/** What somebody may do over /api, the least first; each may do what those before it may. */
export const roles = ['viewer', 'developer', 'operator', 'owner'] as const;
/** One of the roles. */
export type Role = (typeof roles)[number];

const role = z
  .enum(roles)
  .describe(
    'viewer: looks. developer: also webhooks and API keys. operator: also the catalogue, bookings, orders and e-mails. ' +
      'owner: also users, tokens and the supplier’s settings.',
  );
const named = z.strictObject({ name: line(100).min(1), role });

/** A new user. */
export const userCreation = named.extend({
  email: z
    .string()
    .refine(isEmailAddress, 'must be an e-mail address')
    .describe('Unique within the supplier, whatever its case.'),
});

/** Changes of a user: what is left out stays as it is. */
export const userPatch = named.partial();

/** A new admin token; with `userId` it is that user's, may do no more than the user, and is revoked with the user. */
export const tokenCreation = named.extend({ userId: line(255).optional() });
