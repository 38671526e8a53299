import { verifyDeveloperMail } from '@tollgate/contracts/rest/portal';
import type { NewMail } from '@tollgate/notify';

interface SiteName {
  name: string;
  slug: string;
}

/** Asks whoever signed up to prove the mail address. The token stands on a line of its own. */
export function verificationMail(input: {
  site: SiteName;
  portalUrl: string;
  email: string;
  token: string;
  hours: number;
}): NewMail {
  const { site, portalUrl, email, token, hours } = input;
  const address = new URL(verifyDeveloperMail.path.replace('{siteSlug}', site.slug), portalUrl).href;
  return {
    to: email,
    subject: `Confirm your mail address for ${site.name}`,
    text: [
      `Somebody, probably you, signed up at the developer portal of ${site.name} with this mail address.`,
      '',
      `To confirm it, send this token to ${address} within ${hours} hours:`,
      '',
      token,
      '',
      'If it was not you, do nothing: without the token the registration is of no use to anybody.',
    ].join('\n'),
  };
}

/** Tells the owner of a registered address that somebody signed up with it again. */
export function alreadyRegisteredMail(site: SiteName, email: string): NewMail {
  return {
    to: email,
    subject: `You are already registered at ${site.name}`,
    text: [
      `Somebody, probably you, signed up at the developer portal of ${site.name} with this mail address.`,
      'It is registered already: log in with the password you have. Nothing was changed.',
    ].join('\n'),
  };
}
