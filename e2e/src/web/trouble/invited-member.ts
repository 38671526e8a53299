import { dataOf } from '../../journey/world.ts';
import { poll } from '../../support/poll.ts';
import type { TroubleWorld } from './trouble-world.ts';

let invited = 0;

/** Invites somebody to the demo tenant. @returns the link in the mail, with which they accept. */
export async function inviteMember(
  { admin, operator }: TroubleWorld,
  role: 'admin' | 'editor' | 'viewer',
): Promise<{ email: string; link: string }> {
  invited += 1;
  const email = `${role}-${Date.now().toString(36)}-${invited}@example.com`;
  await admin.POST('/api/v1/invitations', { body: { email, role } });
  const link = await poll(
    'the mail with the invitation',
    async () => {
      const { items } = await dataOf(operator.GET('/api/v1/operator/mails', { params: { query: { to: email } } }));
      const [mail] = items;
      if (mail === undefined) return undefined;
      const params = { path: { mailId: mail.id } };
      const { text } = await dataOf(operator.GET('/api/v1/operator/mails/{mailId}', { params }));
      return /https?:\/\/\S+token=[\w.~-]+/.exec(text ?? '')?.[0];
    },
    { withinMs: 15_000, everyMs: 100 },
  );
  return { email, link };
}
