import { linkInMail } from '../mails.ts';
import type { TroubleWorld } from './trouble-world.ts';

let invited = 0;

/** Invites somebody to the demo tenant. @returns the link in the mail, with which they accept. */
export async function inviteMember(
  { admin, demo }: TroubleWorld,
  role: 'admin' | 'editor' | 'viewer',
): Promise<{ email: string; link: string }> {
  invited += 1;
  const email = `${role}-${Date.now().toString(36)}-${invited}@example.com`;
  await admin.POST('/api/v1/invitations', { body: { email, role } });
  return { email, link: await linkInMail(demo.addresses, { to: email, from: 'platform' }) };
}
