import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';

/** What became of a mail: `captured` where no mail server is set, kept for the operator to read instead of sent. */
export const mailStatuses = ['queued', 'sent', 'captured', 'failed'] as const;

export const mailSummary = z
  .object({
    id: idSchema('mail'),
    to: z.string(),
    subject: z.string(),
    status: z.enum(mailStatuses),
    attempts: z.number().int().nonnegative(),
    lastError: z.string().nullable(),
    createdAt: timestamp,
  })
  .meta({ id: 'MailSummary' });
export type MailSummary = z.infer<typeof mailSummary>;

export const mail = mailSummary
  .extend({ text: z.string().nullable().meta({ description: 'Null once the mail was handed to a mail server.' }) })
  .meta({ id: 'Mail' });
export type Mail = z.infer<typeof mail>;

const common = { service: 'iam', tag: 'Operator' } as const;

export const listMails = defineEndpoint({
  ...common,
  operationId: 'listMails',
  method: 'GET',
  path: '/api/v1/operator/mails',
  kind: 'list',
  summary: 'Operator: list mails, newest first',
  access: { kind: 'permission', permission: 'operator.read' },
  query: pageQuery.extend({ to: z.email().toLowerCase().optional(), status: z.enum(mailStatuses).optional() }),
  response: pageOf(mailSummary),
});

export const getMail = defineEndpoint({
  ...common,
  operationId: 'getMail',
  method: 'GET',
  path: '/api/v1/operator/mails/{mailId}',
  kind: 'get',
  summary: 'Operator: read a captured mail',
  access: { kind: 'permission', permission: 'operator.read' },
  params: z.object({ mailId: idSchema('mail') }),
  response: mail,
});
