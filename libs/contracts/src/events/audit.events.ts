import { z } from 'zod';
import { auditChangeSet } from './audit-changes.ts';
import { defineEvent } from './envelope.ts';

/** One change, as the service that made it reports it. `iam` appends it to the tenant's hash chain. */
export const auditEntry = z.object({
  /** `<service>.<noun>.<verb>`, the name the endpoint declares. */
  action: z.string().min(1),
  actor: z.object({ kind: z.string(), id: z.string(), name: z.string().optional() }),
  object: z.object({ kind: z.string(), id: z.string() }),
  requestId: z.string().optional(),
  address: z.string().optional(),
  /** What became of the object, without secrets; absent where nobody noted what it was. */
  changes: auditChangeSet.optional(),
  /** What else there is to tell, without secrets and without personal data. */
  details: z.record(z.string(), z.unknown()).default({}),
});
export type AuditEntry = z.infer<typeof auditEntry>;

export const auditEntryRecorded = defineEvent({
  type: 'audit.entry.recorded.v1',
  topic: 'tollgate.audit.entry',
  description: 'A change was made; keyed by tenant so that a tenant’s chain is appended in order.',
  data: auditEntry,
});
