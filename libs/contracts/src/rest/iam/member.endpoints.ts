import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { email, timestamp, version } from '../fields.ts';
import { pageOf, pageQuery, searchText } from '../page.ts';
import { iamErrors } from './iam.errors.ts';
import { role } from './me.endpoints.ts';

const common = { service: 'iam', tag: 'Members' } as const;
const canRead = { kind: 'permission', permission: 'members.read' } as const;
const canWrite = { kind: 'permission', permission: 'members.write' } as const;

export const member = z
  .object({
    id: idSchema('mem'),
    userId: idSchema('usr'),
    name: z.string(),
    email: z.string(),
    role,
    version,
    createdAt: timestamp,
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof member>;

const memberParams = z.object({ memberId: idSchema('mem') });

export const listMembers = defineEndpoint({
  ...common,
  operationId: 'listMembers',
  method: 'GET',
  path: '/api/v1/members',
  kind: 'list',
  summary: 'List members',
  access: canRead,
  query: pageQuery.extend({ role: role.optional(), search: searchText('the name or the mail address') }),
  response: pageOf(member),
});

export const getMember = defineEndpoint({
  ...common,
  operationId: 'getMember',
  method: 'GET',
  path: '/api/v1/members/{memberId}',
  kind: 'get',
  summary: 'Read a member',
  access: canRead,
  params: memberParams,
  response: member,
});

export const updateMember = defineEndpoint({
  ...common,
  operationId: 'updateMember',
  method: 'PATCH',
  path: '/api/v1/members/{memberId}',
  kind: 'update',
  summary: 'Change a member’s role; the member logs in again',
  access: canWrite,
  params: memberParams,
  body: z.strictObject({ role }),
  response: member,
  errors: [iamErrors.lastOwner, iamErrors.beyondOwnRights],
  audit: 'member.update',
});

export const removeMember = defineEndpoint({
  ...common,
  operationId: 'removeMember',
  method: 'DELETE',
  path: '/api/v1/members/{memberId}',
  kind: 'delete',
  summary: 'Remove a member; their sessions here and access tokens end',
  access: canWrite,
  params: memberParams,
  errors: [iamErrors.lastOwner, iamErrors.beyondOwnRights],
  audit: 'member.delete',
});

export const invitation = z
  .object({
    id: idSchema('inv'),
    email: z.string(),
    role,
    status: z.enum(['pending', 'accepted', 'revoked', 'expired']),
    expiresAt: timestamp,
    createdAt: timestamp,
  })
  .meta({ id: 'Invitation' });
export type Invitation = z.infer<typeof invitation>;

export const listInvitations = defineEndpoint({
  ...common,
  operationId: 'listInvitations',
  method: 'GET',
  path: '/api/v1/invitations',
  kind: 'list',
  summary: 'List invitations, newest first',
  access: canRead,
  query: pageQuery,
  response: pageOf(invitation),
});

export const createInvitation = defineEndpoint({
  ...common,
  operationId: 'createInvitation',
  method: 'POST',
  path: '/api/v1/invitations',
  kind: 'create',
  summary: 'Invite somebody by mail; replaces a pending invitation of the same address',
  access: canWrite,
  body: z.strictObject({ email, role }),
  response: invitation,
  errors: [iamErrors.alreadyMember, iamErrors.beyondOwnRights],
  audit: 'invitation.create',
});

export const revokeInvitation = defineEndpoint({
  ...common,
  operationId: 'revokeInvitation',
  method: 'DELETE',
  path: '/api/v1/invitations/{invitationId}',
  kind: 'delete',
  summary: 'Revoke a pending invitation',
  access: canWrite,
  params: z.object({ invitationId: idSchema('inv') }),
  withoutIfMatch: 'an invitation never changes',
  audit: 'invitation.delete',
});
