import type { NoticeBody } from './notice.ts';

/** An e-mail in plain text. */
export interface Letter {
  readonly subject: string;
  readonly text: string;
}

const subjects: Readonly<Record<NoticeBody['event'], string>> = {
  webhook_failing: 'A webhook keeps failing',
  webhook_disabled: 'A webhook was disabled',
  webhook_recovered: 'A webhook answers again',
};

/** A time as people read it, in UTC: 2026-06-01 09:30 UTC. */
const shownTime = (iso: string): string => `${iso.slice(0, 16).replace('T', ' ')} UTC`;

function paragraphsOf(body: NoticeBody): readonly string[] {
  const since = body.since === null ? '' : ` since ${shownTime(body.since)}`;
  switch (body.event) {
    case 'webhook_failing':
      return [
        `Nothing could be delivered to this webhook${since}: ${body.failures} attempts failed.`,
        `Carillon keeps trying. If nothing succeeds, it disables the webhook${
          body.disablesAt === null ? '' : `, at ${shownTime(body.disablesAt)} at the earliest`
        }: what it is owed is then held until somebody enables it.`,
      ];
    case 'webhook_disabled':
      return [
        `Carillon has disabled this webhook: ${body.reason ?? 'nothing could be delivered to it'}.`,
        'What it is owed from now on is held. Enable it when its receiver is ready: what is held goes then, and what was given up before can be replayed.',
      ];
    case 'webhook_recovered':
      return [
        `This webhook failed${since}, and has taken a delivery again. It is not going to be disabled.`,
        'What was given up meanwhile can be replayed.',
      ];
  }
}

/** A notice as an e-mail to an operator, in English. */
export function letterOf(body: NoticeBody): Letter {
  const { supplier, webhook } = body;
  const facts = [
    `Webhook     ${webhook.id}`,
    `Event       ${webhook.event}`,
    `URL         ${webhook.url}`,
    `Connection  ${webhook.connectionId}`,
    ...(body.lastError === null || body.event === 'webhook_recovered' ? [] : [`Last error  ${body.lastError}`]),
  ];
  return {
    subject: `${subjects[body.event]}: ${supplier.name}`,
    text: `${[...paragraphsOf(body), facts.join('\n'), `Carillon, for ${supplier.name}`].join('\n\n')}\n`,
  };
}
