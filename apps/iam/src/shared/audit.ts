import type { AuditEntry } from '@tollgate/contracts/events';
import type { Endpoint, EndpointCall } from '@tollgate/contracts/rest';
import { auditOf } from '@tollgate/platform';

/** What of a call an audit entry tells. */
export type Auditable = Pick<EndpointCall<Endpoint>, 'principal' | 'requestId' | 'address'>;

/** Entry of a change made through `endpoint`. `details` hold neither secrets nor personal data. */
export function auditEntry(
  call: Auditable,
  endpoint: { audit?: string; operationId: string },
  object: AuditEntry['object'],
  details: Record<string, unknown> = {},
): AuditEntry {
  return auditOf(call, { action: `iam.${endpoint.audit ?? endpoint.operationId}`, object, details });
}

/** The same for a person who is just logging in, and so is no principal yet. */
export function auditEntryOf(person: { id: string; name: string }, ...rest: Parameters<typeof auditEntry>): AuditEntry {
  return { ...auditEntry(...rest), actor: { kind: 'user', id: person.id, name: person.name } };
}
