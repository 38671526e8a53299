import type { NewMail } from '@tollgate/notify';

interface SiteName {
  name: string;
  slug: string;
}

/** Asks whoever signed up to prove the mail address by following the link. */
export function verificationMail(input: { site: SiteName; email: string; link: string; hours: number }): NewMail {
  const { site, email, link, hours } = input;
  return {
    to: email,
    subject: `Confirm your mail address for ${site.name}`,
    text: [
      `Somebody, probably you, signed up at the developer portal of ${site.name} with this mail address.`,
      '',
      `To confirm it, open this link within ${hours} hours:`,
      '',
      link,
      '',
      'If it was not you, do nothing: unless it is confirmed, the registration is of no use to anybody.',
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
      'It is registered already: log in with the password you have, or ask for a new one. Nothing was changed.',
    ].join('\n'),
  };
}

/** Lets whoever reads the mail set a new password. */
export function passwordResetMail({ site, email, link }: { site: SiteName; email: string; link: string }): NewMail {
  return {
    to: email,
    subject: `Set a new password for ${site.name}`,
    text: [
      `Somebody, probably you, asked for a new password at the developer portal of ${site.name}.`,
      '',
      'To set one, open this link within the next hour:',
      '',
      link,
      '',
      'If it was not you, do nothing: your password stays as it is.',
    ].join('\n'),
  };
}
