export { MailBox, type NewMail } from './mail/mail-box.ts';
export { MailModule, type MailOptions } from './mail/mail.module.ts';
export { MailSender } from './mail/mail-sender.ts';
export { smtpTransport, type MailTransport, type OutgoingMail } from './mail/mail-transport.ts';
export { MailEntity, type MailStatus } from './mail/mail.entity.ts';
export { mailDelivery, mailsTable } from './mail/mails-table.ts';
