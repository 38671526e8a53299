import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { email } from '../fields.ts';
import { mail, mailStatuses, mailSummary } from '../iam/mail.endpoints.ts';
import { pageOf, pageQuery } from '../page.ts';

const common = {
  service: 'developer-portal',
  tag: 'Operator',
  access: { kind: 'permission', permission: 'operator.read' },
} as const;

export const listPortalMails = defineEndpoint({
  ...common,
  operationId: 'listPortalMails',
  method: 'GET',
  path: '/api/v1/portal-mails',
  kind: 'list',
  summary: 'Operator: list mails to developers, newest first',
  query: pageQuery.extend({ to: email.optional(), status: z.enum(mailStatuses).optional() }),
  response: pageOf(mailSummary),
});

export const getPortalMail = defineEndpoint({
  ...common,
  operationId: 'getPortalMail',
  method: 'GET',
  path: '/api/v1/portal-mails/{mailId}',
  kind: 'get',
  summary: 'Operator: read a captured mail to a developer',
  params: z.strictObject({ mailId: idSchema('mail') }),
  response: mail,
});
