import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { email, timestamp } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';

const developerPart = { developerId: idSchema('dev'), developerName: z.string(), developerEmail: email };
const subscriptionPart = {
  ...developerPart,
  subscriptionId: idSchema('sub'),
  applicationName: z.string(),
  productName: z.string(),
  planName: z.string(),
};

/** Something that waits for an administrator; approve or refuse it at the developer or subscription itself. */
export const approvalItem = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('developer'), requestedAt: timestamp, emailVerified: z.boolean(), ...developerPart }),
    z.object({ kind: z.literal('subscription'), requestedAt: timestamp, ...subscriptionPart }),
    z.object({ kind: z.literal('plan-change'), requestedAt: timestamp, ...subscriptionPart }),
  ])
  .meta({ id: 'ApprovalItem' });
export type ApprovalItem = z.output<typeof approvalItem>;

export const approvalKind = z.enum(['developer', 'subscription', 'plan-change']);
export type ApprovalKind = z.output<typeof approvalKind>;

export const listApprovals = defineEndpoint({
  service: 'developer-portal',
  operationId: 'listApprovals',
  method: 'GET',
  path: '/api/v1/approvals',
  kind: 'list',
  tag: 'Approvals',
  summary: 'List what waits for approval, oldest first',
  access: { kind: 'permission', permission: 'portal.read' },
  query: pageQuery.extend({ kind: approvalKind.optional() }),
  response: pageOf(approvalItem),
});
