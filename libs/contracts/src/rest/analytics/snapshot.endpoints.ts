import { defineRebuild } from '../projections.ts';

/** Rebuilds what analytics knows of the other services, for the tenant that the caller names. */
export const rebuildAnalyticsProjections = defineRebuild('analytics', 'rebuildAnalyticsProjections');
