import { z } from 'zod';
import type { OwningService } from '../services/index.ts';
import { defineEndpoint } from './endpoint.ts';

/** How a projection compares with its owner's snapshot; what differed has been put right. */
export const reconciliation = z.object({
  checked: z.number().int().nonnegative().meta({ description: 'Objects that were compared with their owner’s.' }),
  drift: z.number().int().nonnegative().meta({ description: 'Objects that were not as they had to be; expected 0.' }),
});
export type Reconciliation = z.output<typeof reconciliation>;

/** The projections of one service, for one tenant. */
export const rebuildReport = z.object({ projections: z.array(reconciliation.extend({ projection: z.string() })) });
export type RebuildReport = z.output<typeof rebuildReport>;

/** Declares how a service is asked to rebuild all its projections of the tenant that the caller names. */
export function defineRebuild(service: OwningService, operationId: string) {
  return defineEndpoint({
    service,
    operationId,
    method: 'POST',
    path: `/internal/v1/projections/${service}/rebuild`,
    kind: 'action',
    tag: 'Snapshots',
    summary: 'Rebuild the projections of a tenant and report the drift',
    access: { kind: 'service' },
    response: rebuildReport,
    audit: 'none: it changes nothing that people decided',
  });
}
