import { type Context, Hono } from 'hono';
import { csrf } from 'hono/csrf';
import type { Db } from '../../platform/db/index.ts';
import { isOwnHost } from './hosts.ts';
import { listPage, mailPage, missingPage } from './pages.ts';
import { type ParsedMail, parsedMail } from './parsed.ts';
import { refresh } from './refresh.ts';
import { deleteMails, listMails, type MailSummary, mailById } from './store.ts';
import { style } from './style.ts';

/** Pages load nothing but their own style sheet, script and frame. */
const pagePolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'";

/** An e-mail may show what it brings along, and open its links elsewhere. No scripts, forms, or requests, also when it is opened alone. */
const mailPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; " +
  'sandbox allow-popups allow-popups-to-escape-sandbox';

/** The list shows at most so many. */
const listLimit = 200;

/** What the mailbox needs. */
export interface MailboxDeps {
  readonly db: Db;
  /** The path that it is mounted on, `/mailbox` unless told otherwise. */
  readonly base?: string;
  /** The public URL, if there is one: it answers under that name and those of this machine only. */
  readonly publicUrl?: () => string;
  /** Whether e-mails are kept here; false when they leave through a provider. */
  readonly keeps?: boolean;
}

/**
 * The built-in mailbox's pages and JSON, for whoever runs Carillon on their own machine: it shows guests' data, so whoever mounts it
 * decides who gets there.
 */
export function mailboxApp({ db, base = '/mailbox', publicUrl, keeps = true }: MailboxDeps): Hono {
  const app = new Hono();

  app.use(async (c, next) => {
    if (!isOwnHost(c.req.header('host') ?? new URL(c.req.url).host, publicUrl?.())) {
      return c.text('The mailbox does not answer under this name.', 421);
    }
    await next();
    c.header('cache-control', 'no-store');
    c.header('x-content-type-options', 'nosniff');
    if (!c.res.headers.has('content-security-policy')) c.header('content-security-policy', pagePolicy);
  });

  app.get('/style.css', (c) => c.body(style, 200, { 'content-type': 'text/css; charset=utf-8' }));

  app.get('/refresh.js', (c) => c.body(refresh, 200, { 'content-type': 'text/javascript; charset=utf-8' }));

  app.get('/', async (c) => c.html(await listPage(base, await listMails(db.reader, listLimit), keeps)));
  // Other sites can make a browser post a form; for a DELETE it would have to ask first, and is not answered.
  app.post('/clear', csrf(), async (c) => {
    await deleteMails(db);
    return c.redirect(base, 303);
  });

  app.get('/api/messages', async (c) => {
    const mails = await listMails(db.reader, listLimit);
    return c.json({ messages: mails.map(summaryJson) });
  });
  app.delete('/api/messages', async (c) => c.json({ deleted: await deleteMails(db) }));
  app.get('/api/messages/:id', async (c) => {
    const mail = await mailById(db.reader, c.req.param('id'));
    if (mail === undefined) return c.json({ error: 'not_found', message: 'There is no such e-mail.' }, 404);
    return c.json({ ...summaryJson(mail), ...mailJson(await parsedMail(mail), `${base}/${mail.id}`) });
  });

  app.get('/:id', async (c) => {
    const mail = await mailById(db.reader, c.req.param('id'));
    return mail === undefined ? missing(c, base) : c.html(await mailPage(base, mail, await parsedMail(mail)));
  });
  app.get('/:id/html', async (c) => {
    const mail = await mailById(db.reader, c.req.param('id'));
    const shown = mail === undefined ? null : (await parsedMail(mail)).html;
    return shown === null ? missing(c, base) : c.html(shown, 200, { 'content-security-policy': mailPolicy });
  });
  app.get('/:id/raw', async (c) => {
    const mail = await mailById(db.reader, c.req.param('id'));
    if (mail === undefined) return missing(c, base);
    return c.body(mail.raw, 200, {
      'content-type': 'message/rfc822',
      'content-disposition': disposition(`${mail.id}.eml`),
    });
  });
  app.get('/:id/files/:index{[0-9]+}', async (c) => {
    const mail = await mailById(db.reader, c.req.param('id'));
    const file = mail === undefined ? undefined : (await parsedMail(mail)).files[Number(c.req.param('index'))];
    if (file === undefined) return missing(c, base);
    return c.body(new Uint8Array(file.content), 200, {
      'content-type': 'application/octet-stream',
      'content-disposition': disposition(file.filename),
    });
  });
  return app;
}

const missing = async (c: Context, base: string) => c.html(await missingPage(base), 404);

const summaryJson = ({ id, messageId, sender, recipient, subject, receivedAt }: MailSummary) => ({
  id,
  messageId,
  from: sender,
  to: recipient,
  subject,
  receivedAt: new Date(receivedAt).toISOString(),
});

const mailJson = ({ headers, html, text, files }: ParsedMail, url: string) => ({
  headers,
  html,
  text,
  attachments: files.map(({ filename, contentType, size, cid }, index) => ({
    filename,
    contentType,
    size,
    cid,
    url: `${url}/files/${index}`,
  })),
});

/** A file that is saved, never shown, under its name (RFC 6266): others wrote the name, so quotes, line breaks and paths are taken out. */
function disposition(filename: string): string {
  const name = filename.toWellFormed().replace(/[\p{Cc}/\\"%;]/gu, '_');
  const ascii = name.replace(/[^\x20-\x7e]/g, '_');
  const encoded = encodeURIComponent(name).replace(
    /['()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
