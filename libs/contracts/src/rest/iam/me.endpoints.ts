import { z } from 'zod';
import { permissions, rolePermissions, type Permission, type Role } from '../../auth/index.ts';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, timestamp } from '../fields.ts';
import { pageOf, pageQuery } from '../page.ts';
import { newPassword } from './auth.endpoints.ts';
import { iamErrors } from './iam.errors.ts';

const common = { service: 'iam', tag: 'Me' } as const;

/** Role of a member of an organisation. */
export const role = z
  .enum(Object.keys(rolePermissions) as [Role, ...Role[]])
  .meta({ description: 'Role of a member.' });

/** Any permission, of tenants and operators. */
export const permission = z.enum(Object.keys(permissions) as [Permission, ...Permission[]]);

export const me = z
  .object({
    kind: z.enum(['user', 'service-account', 'operator']),
    id: z.string(),
    name: z.string(),
    email: z.string().nullable(),
    tenant: z
      .object({ id: idSchema('tnt'), name: z.string(), slug: z.string(), status: z.enum(['active', 'suspended']) })
      .nullable(),
    role: role.nullable(),
    permissions: z.array(permission),
    memberships: z.array(z.object({ tenantId: idSchema('tnt'), name: z.string(), slug: z.string(), role })),
  })
  .meta({ id: 'Me', description: 'Who makes the request, where, and what they may do.' });
export type Me = z.infer<typeof me>;

export const getMe = defineEndpoint({
  ...common,
  operationId: 'getMe',
  method: 'GET',
  path: '/api/v1/me',
  kind: 'get',
  summary: 'Read who makes this request',
  access: { kind: 'authenticated' },
  response: me,
});

export const renameMe = defineEndpoint({
  ...common,
  operationId: 'renameMe',
  method: 'PATCH',
  path: '/api/v1/me',
  kind: 'update',
  summary: 'Change one’s own name',
  access: { kind: 'authenticated' },
  body: z.strictObject({ name: displayName }),
  response: me,
  withoutIfMatch: 'only its owner changes it',
  audit: 'user.update',
});

export const changePassword = defineEndpoint({
  ...common,
  operationId: 'changePassword',
  method: 'POST',
  path: '/api/v1/me/password',
  kind: 'action',
  summary: 'Change one’s own password; ends all other sessions',
  access: { kind: 'authenticated' },
  rateLimit: 'sensitive',
  body: z.strictObject({ currentPassword: z.string().min(1).max(200), newPassword }),
  errors: [iamErrors.wrongPassword, iamErrors.tooManyAttempts],
  audit: 'user.change-password',
});

export const session = z
  .object({
    id: idSchema('ses'),
    isCurrent: z.boolean(),
    address: z.string(),
    createdAt: timestamp,
    lastSeenAt: timestamp,
    expiresAt: timestamp,
  })
  .meta({ id: 'Session' });
export type Session = z.infer<typeof session>;

export const listSessions = defineEndpoint({
  ...common,
  operationId: 'listSessions',
  method: 'GET',
  path: '/api/v1/me/sessions',
  kind: 'list',
  summary: 'List one’s own sessions',
  access: { kind: 'authenticated' },
  query: pageQuery,
  response: pageOf(session),
});

export const endSession = defineEndpoint({
  ...common,
  operationId: 'endSession',
  method: 'DELETE',
  path: '/api/v1/me/sessions/{sessionId}',
  kind: 'delete',
  summary: 'End one of one’s own sessions',
  access: { kind: 'authenticated' },
  params: z.object({ sessionId: idSchema('ses') }),
  withoutIfMatch: 'a session never changes',
  audit: 'session.end',
});

export const personalData = z
  .object({
    user: z.object({ id: idSchema('usr'), email: z.string(), name: z.string(), createdAt: timestamp }),
    memberships: z.array(z.object({ tenantId: idSchema('tnt'), name: z.string(), role })),
    sessions: z.array(z.object({ id: idSchema('ses'), address: z.string(), createdAt: timestamp })),
    auditLog: z.array(
      z.object({
        tenantId: z.string(),
        sequence: z.number().int().positive(),
        name: z.string().nullable(),
        address: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'PersonalData', description: 'All that is kept of a person.' });
export type PersonalData = z.infer<typeof personalData>;

export const exportMe = defineEndpoint({
  ...common,
  operationId: 'exportMe',
  method: 'GET',
  path: '/api/v1/me/personal-data',
  kind: 'get',
  summary: 'Export all personal data that is kept of oneself',
  access: { kind: 'authenticated' },
  response: personalData,
});

export const eraseMe = defineEndpoint({
  ...common,
  operationId: 'eraseMe',
  method: 'POST',
  path: '/api/v1/me/erase',
  kind: 'action',
  summary: 'Delete oneself: account, memberships, sessions, tokens and personal data in the audit log',
  access: { kind: 'authenticated' },
  rateLimit: 'sensitive',
  body: z.strictObject({ password: z.string().min(1).max(200) }),
  errors: [iamErrors.wrongPassword, iamErrors.tooManyAttempts, iamErrors.lastOwner],
  browserSession: 'ends',
  audit: 'user.erase',
});
