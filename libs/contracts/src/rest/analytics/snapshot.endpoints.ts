import type { z } from 'zod';
import { quotaMeteredData } from '../../events/analytics.events.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp, version } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { defineRebuild } from '../projections.ts';

/** A quota as the events announced it last. */
export const quotaSnapshot = quotaMeteredData.extend({ version, toldAt: timestamp });
export type QuotaSnapshot = z.output<typeof quotaSnapshot>;

/** Snapshot of quotas for projections; service access, acts in the tenant that the caller names. */
export const listQuotaSnapshots = defineEndpoint({
  service: 'analytics',
  operationId: 'listQuotaSnapshots',
  method: 'GET',
  path: '/internal/v1/quotas',
  kind: 'list',
  tag: 'Snapshots',
  summary: 'List what was told last of the quotas of live subscriptions',
  access: { kind: 'service' },
  query: pageQuery,
  response: pageOf(quotaSnapshot),
});

/** Rebuilds what analytics knows of the other services, for the tenant that the caller names. */
export const rebuildAnalyticsProjections = defineRebuild('analytics', 'rebuildAnalyticsProjections');
