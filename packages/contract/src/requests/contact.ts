import * as z from 'zod';
import { isEmailAddress } from '../email-address.ts';
import { body, nullable } from './body.ts';
import { line, text } from './text.ts';

/** An address that can be written to. Blanks around it are dropped; nothing else is left of it: none. */
const emailAddress = line(320)
  .trim()
  .refine((address) => address === '' || isEmailAddress(address), 'must be an e-mail address');

/** OCTO Contact in a request, with Ventrata's `allowMarketing`: every key may be left out or null. */
export const contactRequest = body({
  fullName: nullable(line(500)),
  firstName: nullable(line(250)),
  lastName: nullable(line(250)),
  emailAddress: nullable(emailAddress),
  phoneNumber: nullable(line(100)),
  locales: nullable(z.array(line(35)).max(20)),
  postalCode: nullable(line(50)),
  country: nullable(line(100)),
  notes: nullable(text(10_000)),
  allowMarketing: nullable(z.boolean()),
});
