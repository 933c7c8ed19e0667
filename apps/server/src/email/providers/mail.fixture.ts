import { mimeOf } from '../rendering/mime.ts';
import type { Mail } from './provider.ts';

/** An e-mail as the renderer writes it, with a picture, a file and names that need care. */
export async function aMail(id: string): Promise<Mail> {
  const messageId = `<${id}@carillon.example>`;
  const mime = await mimeOf({
    messageId,
    date: Date.parse('2026-11-23T10:00:00Z'),
    from: { name: 'Harbour "Tours"', address: 'tickets@carillon.example' },
    replyTo: { name: 'Harbour', address: 'hello@harbour.example' },
    to: { name: 'Ada Lovelace', address: 'ada@example.com' },
    subject: 'Ihre Buchung – Ä',
    language: 'de',
    html: '<p>Guten Tag</p><img src="cid:code-1@carillon">',
    text: 'Guten Tag\n',
    pictures: [{ cid: 'code-1@carillon', png: Buffer.from('png') }],
    attachments: [
      {
        filename: 'booking.ics',
        contentType: 'text/calendar; charset=utf-8; method=CANCEL',
        content: 'BEGIN:VCALENDAR',
      },
    ],
  });
  return { supplierId: 'harbour', messageId, from: 'tickets@carillon.example', to: 'ada@example.com', mime };
}
