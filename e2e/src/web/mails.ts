import type { TollgateClient } from '@tollgate/client';
import { dataOf, type InstallationAddresses } from '../journey/world.ts';
import { poll } from '../support/poll.ts';
import { clientOf } from './demo-stage.ts';

/** Who has sent a mail: a portal to its developers, or the platform to members. */
export type Sender = 'portal' | 'platform';

/** The link with a token in the newest mail to an address, which the installation has kept for its operator. */
export async function linkInMail(
  { consoleUrl, operator }: InstallationAddresses,
  { to, from }: { to: string; from: Sender },
): Promise<string> {
  const staff = await clientOf(consoleUrl, operator);
  return poll(
    `a mail to ${to}`,
    async () => /https?:\/\/\S+token=[\w.~-]+/.exec((await newestMail(staff, { to, from })) ?? '')?.[0],
    { withinMs: 15_000, everyMs: 100 },
  );
}

async function newestMail(
  staff: TollgateClient,
  { to, from }: { to: string; from: Sender },
): Promise<string | null | undefined> {
  const query = { params: { query: { to } } };
  const { items } = await dataOf(
    from === 'portal' ? staff.GET('/api/v1/portal-mails', query) : staff.GET('/api/v1/operator/mails', query),
  );
  const [mail] = items;
  if (mail === undefined) return undefined;
  const one = { params: { path: { mailId: mail.id } } };
  const { text } = await dataOf(
    from === 'portal'
      ? staff.GET('/api/v1/portal-mails/{mailId}', one)
      : staff.GET('/api/v1/operator/mails/{mailId}', one),
  );
  return text;
}
