/** Pages of the portal that mails lead to. */
export type MailPage = 'confirm-mail' | 'reset-password';

/**
 * Where the link in a mail to a developer leads. The token is in the fragment, so it reaches no server log and no other site, and only
 * a click on the page uses it up.
 */
export function mailLink(
  portalUrl: string,
  { siteSlug, page, token }: { siteSlug: string; page: MailPage; token: string },
): string {
  const link = new URL(`/${encodeURIComponent(siteSlug)}/${page}`, portalUrl);
  link.hash = `token=${token}`;
  return link.href;
}
