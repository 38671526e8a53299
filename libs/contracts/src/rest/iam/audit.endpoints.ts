import { z } from 'zod';
import { auditChangeSet } from '../../events/audit-changes.ts';
import { defineEndpoint } from '../endpoint.ts';
import { timestamp } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';

const common = { service: 'iam', tag: 'Audit log' } as const;
const canRead = { kind: 'permission', permission: 'audit.read' } as const;

export const auditLogEntry = z
  .object({
    sequence: z.number().int().positive().meta({ description: 'Place in the organisation’s chain, without gaps.' }),
    occurredAt: timestamp,
    source: z.string().meta({ description: 'The service that reported the change.' }),
    action: z.string(),
    actor: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }),
    object: z.object({ kind: z.string(), id: z.string() }),
    address: z.string().nullable(),
    requestId: z.string().nullable(),
    details: z.record(z.string(), z.unknown()),
    changes: auditChangeSet.nullable().meta({
      description:
        'What became of the object, without secrets; null where the change is of no object whose values are told.',
    }),
    hash: z.string().meta({ description: 'SHA-256 over this entry and the hash before it, hexadecimal.' }),
  })
  .meta({ id: 'AuditLogEntry' });
export type AuditLogEntry = z.infer<typeof auditLogEntry>;

export const listAuditEntries = defineEndpoint({
  ...common,
  operationId: 'listAuditEntries',
  method: 'GET',
  path: '/api/v1/audit-entries',
  kind: 'list',
  summary: 'List audit entries, newest first',
  access: canRead,
  query: pageQuery.extend({
    action: z.string().max(100).optional(),
    actorId: z.string().max(64).optional(),
    objectKind: z.string().max(64).optional(),
    objectId: z.string().max(64).optional(),
    from: timestamp.optional(),
    to: timestamp.optional(),
  }),
  response: pageOf(auditLogEntry),
});

export const auditVerification = z
  .object({
    intact: z.boolean(),
    entries: z.number().int().nonnegative(),
    brokenAt: z.number().int().positive().nullable().meta({ description: 'First sequence that does not fit.' }),
    headHash: z.string(),
  })
  .meta({ id: 'AuditVerification' });
export type AuditVerification = z.infer<typeof auditVerification>;

export const verifyAuditEntries = defineEndpoint({
  ...common,
  operationId: 'verifyAuditEntries',
  method: 'GET',
  path: '/api/v1/audit-entries/verification',
  kind: 'get',
  summary: 'Recompute the whole chain and tell whether it is intact',
  access: canRead,
  response: auditVerification,
});

export const getAuditCheckpoint = defineEndpoint({
  ...common,
  operationId: 'getAuditCheckpoint',
  method: 'GET',
  path: '/api/v1/audit-entries/checkpoint',
  kind: 'get',
  summary: 'Export a signed statement of where the audit log ends now',
  description:
    'Whoever keeps it can prove later that no entry up to it was changed: the entry with its sequence still has its hash.',
  access: canRead,
  response: z
    .object({
      sequence: z.number().int().nonnegative(),
      hash: z.string(),
      statement: z.string().meta({ description: 'JWS (EdDSA) over organisation, sequence, hash and time.' }),
      publicKey: z.record(z.string(), z.unknown()).meta({ description: 'JWK that verifies the statement.' }),
    })
    .meta({ id: 'AuditCheckpoint' }),
});
