import type { z } from 'zod';
import { priceSetData, quotaMeteredData } from '../../events/analytics.events.ts';
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

/** Snapshot of prices for projections; service access, acts in the tenant that the caller names. */
export const listPriceSnapshots = defineEndpoint({
  service: 'analytics',
  operationId: 'listPriceSnapshots',
  method: 'GET',
  path: '/internal/v1/prices',
  kind: 'list',
  tag: 'Snapshots',
  summary: 'List prices of plan versions as the events announced them',
  access: { kind: 'service' },
  query: pageQuery,
  response: pageOf(priceSetData),
});

/** Rebuilds what analytics knows of the other services, for the tenant that the caller names. */
export const rebuildAnalyticsProjections = defineRebuild('analytics', 'rebuildAnalyticsProjections');
