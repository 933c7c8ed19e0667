import type { Db, Tx } from '../../platform/db/index.ts';
import { bodyOf, type News } from './notice.ts';
import { audiencesOf, insertNotices } from './store.ts';

/** What recording news needs. */
export interface NewsDeps {
  readonly db: Pick<Db, 'notify'>;
  readonly newId: () => string;
}

/**
 * Records what there is to tell of webhooks, in the transaction that makes it so: a notice each, owed to every address that their
 * supplier has set. A supplier that has set none sees it all the same.
 */
export async function recordNews(tx: Tx, news: readonly News[], { db, newId }: NewsDeps): Promise<void> {
  if (news.length === 0) return;
  const audiences = await audiencesOf(
    tx,
    news.map(({ webhookId }) => webhookId),
  );
  const notices = news.flatMap((one) => {
    const audience = audiences.get(one.webhookId);
    if (audience === undefined) return [];
    const { emails, hasUrl, ...subject } = audience;
    const addresses = [...emails, ...(hasUrl ? [null] : [])];
    return {
      id: newId(),
      body: bodyOf(one, subject),
      createdAt: one.at,
      tellings: addresses.map((address) => ({ id: newId(), address })),
    };
  });
  insertNotices(tx, notices);
  if (notices.some(({ tellings }) => tellings.length > 0)) tx.afterCommit(() => db.notify('notices'));
}
