import { createHash } from 'node:crypto';
import { verifyDeveloperMail } from '@tollgate/contracts/rest/portal';

/** Where the link in a sign-up mail leads. The token is in the fragment, so it reaches no server log and no other site. */
export function confirmMailLink(portalUrl: string, siteSlug: string, token: string): string {
  const link = new URL('/', portalUrl);
  link.searchParams.set('site', siteSlug);
  link.hash = `token=${token}`;
  return link.href;
}

/** Runs on the first page: offers to confirm the mail address that the link is about. Only a click uses the token up. */
export const confirmMailScript = `
const site = new URLSearchParams(location.search).get('site');
const token = new URLSearchParams(location.hash.slice(1)).get('token');
const section = document.getElementById('confirm');
const button = section.querySelector('button');
const outcome = section.querySelector('[role=status]');
section.hidden = !site || !token;
button.addEventListener('click', async () => {
  button.disabled = true;
  const path = ${JSON.stringify(verifyDeveloperMail.path)}.replace('{siteSlug}', encodeURIComponent(site));
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(path, { method: 'POST', headers, body: JSON.stringify({ token }) }).catch(() => null);
  button.disabled = response !== null && response.status < 500;
  outcome.textContent = response?.ok
    ? 'Your mail address is confirmed. You can log in now.'
    : response && response.status < 500
      ? 'This link is used or expired. Sign up again to get a new one.'
      : 'The portal does not answer at present. Try again in a moment.';
});
`;

/** Allows this script and no other by a content security policy. */
export const confirmMailScriptHash = `sha256-${createHash('sha256').update(confirmMailScript).digest('base64')}`;
