import { createHash } from 'node:crypto';
import { resetDeveloperPassword } from '@tollgate/contracts/rest/portal';

/** Where the link in a mail about a new password leads. The token is in the fragment, so it reaches no server log and no other site. */
export function resetPasswordLink(portalUrl: string, siteSlug: string, token: string): string {
  const link = new URL('/', portalUrl);
  link.searchParams.set('site', siteSlug);
  link.hash = `reset=${token}`;
  return link.href;
}

/** Runs on the first page: offers to set the password that the link is about. */
export const resetPasswordScript = `{
  const site = new URLSearchParams(location.search).get('site');
  const token = new URLSearchParams(location.hash.slice(1)).get('reset');
  const section = document.getElementById('reset');
  const input = section.querySelector('input');
  const button = section.querySelector('button');
  const outcome = section.querySelector('[role=status]');
  section.hidden = !site || !token;
  button.addEventListener('click', async () => {
    if (!input.reportValidity()) return;
    button.disabled = true;
    const path = ${JSON.stringify(resetDeveloperPassword.path)}.replace('{siteSlug}', encodeURIComponent(site));
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ token, password: input.value });
    const response = await fetch(path, { method: 'POST', headers, body }).catch(() => null);
    button.disabled = response !== null && response.status < 500;
    outcome.textContent = response?.ok
      ? 'Your new password is set, and all sessions have ended. You can log in now.'
      : response?.status === 404
        ? 'This link is used or expired. Ask for a new one.'
        : 'The portal does not answer at present. Try again in a moment.';
  });
}
`;

/** Allows this script and no other by a content security policy. */
export const resetPasswordScriptHash = `sha256-${createHash('sha256').update(resetPasswordScript).digest('base64')}`;
