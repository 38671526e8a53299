import { createTransport } from 'nodemailer';

/** A mail as it goes out. */
export interface OutgoingMail {
  /** Stable over retries, so that a mail server or reader can drop a second copy. */
  id: string;
  to: string;
  subject: string;
  text: string;
}

/** Hands mails to a mail server. */
export interface MailTransport {
  /** Rejects when the server did not take the mail. */
  deliver(mail: OutgoingMail): Promise<void>;
  close(): void;
}

const timeoutMs = 15_000;

/**
 * Sends through the server at `smtpUrl` (`smtp://` or `smtps://`, with user and password when it wants them).
 * @param from the sender's address; its domain also names message ids.
 */
export function smtpTransport(smtpUrl: string, from: string): MailTransport {
  const transport = createTransport({
    url: smtpUrl,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
  });
  const domain = from.slice(from.lastIndexOf('@') + 1).replace('>', '');
  return {
    async deliver({ id, to, subject, text }) {
      await transport.sendMail({ from, to: { name: '', address: to }, subject, text, messageId: `<${id}@${domain}>` });
    },
    close: () => transport.close(),
  };
}
