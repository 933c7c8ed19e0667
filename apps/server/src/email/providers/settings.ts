import { z } from 'zod';

const secret = z.string().trim().min(1).max(500);
const stream = z.string().regex(/^[a-z0-9][a-z0-9-]{0,29}$/, 'must be the id of a message stream');

/** What a server at Postmark is reached with. */
export const postmarkSettings = z.strictObject({
  serverToken: secret,
  streams: z
    .strictObject({ transactional: stream.default('outbound'), broadcast: stream.default('broadcast') })
    .prefault({}),
});
/** What an account at Mailjet is reached with; with `sandbox` it checks what it gets and sends nothing. */
export const mailjetSettings = z.strictObject({
  apiKey: secret,
  apiSecret: secret,
  sandbox: z.boolean().default(false),
});
const smtpUrl = (text: string): boolean => {
  const url = URL.parse(text);
  return (url?.protocol === 'smtp:' || url?.protocol === 'smtps:') && url.hostname !== '';
};
/** Where an SMTP server is. */
export const smtpSettings = z.strictObject({
  url: z.string().max(1000).refine(smtpUrl, 'must be smtp://… or smtps://…'),
});
/** The built-in mailbox needs to know nothing. */
export const mailboxSettings = z.strictObject({});

/** The settings of each kind of provider. */
export const settingsOf = {
  postmark: postmarkSettings,
  mailjet: mailjetSettings,
  smtp: smtpSettings,
  mailbox: mailboxSettings,
} as const;

/** A kind of provider that a supplier may have. */
export type ProviderKind = keyof typeof settingsOf;

/** See `postmarkSettings`. */
export type PostmarkSettings = z.infer<typeof postmarkSettings>;
/** See `mailjetSettings`. */
export type MailjetSettings = z.infer<typeof mailjetSettings>;
/** See `smtpSettings`. */
export type SmtpSettings = z.infer<typeof smtpSettings>;
