import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { displayName, email, slug, timestamp } from '../fields.ts';
import { iamErrors } from './iam.errors.ts';

/** A session that is not used ends after `idleMs`, one that is used after `longestMs`. */
export const consoleSessionLife = { idleMs: 12 * 60 * 60 * 1000, longestMs: 30 * 24 * 60 * 60 * 1000 } as const;

const common = { service: 'iam', tag: 'Authentication' } as const;

/** A password that somebody chooses. Length is what counts; composition rules only make people write it down. */
export const newPassword = z.string().min(12).max(200).meta({ description: 'At least 12 characters.' });
const givenPassword = z.string().min(1).max(200);

/** A session as its owner gets it, once. */
export const issuedSession = z
  .object({
    sessionId: idSchema('ses'),
    token: z.string().meta({
      description: 'Bearer of the session; shown once. A browser gets a cookie instead: then it is left out.',
    }),
    expiresAt: timestamp.meta({ description: 'When the session ends if it is not used before.' }),
    userId: idSchema('usr'),
    tenantId: idSchema('tnt').nullable().meta({ description: 'The organisation that the session acts in.' }),
  })
  .meta({ id: 'IssuedSession' });
export type IssuedSession = z.infer<typeof issuedSession>;

export const signUp = defineEndpoint({
  ...common,
  operationId: 'signUp',
  method: 'POST',
  path: '/api/v1/auth/sign-up',
  kind: 'create',
  summary: 'Create an organisation and its first owner, and log in',
  access: { kind: 'public' },
  rateLimit: 'sensitive',
  body: z.strictObject({
    organisation: z.strictObject({ name: displayName, slug }),
    user: z.strictObject({ name: displayName, email, password: newPassword }),
  }),
  response: issuedSession,
  errors: [iamErrors.taken],
  browserSession: 'begins',
  audit: 'tenant.create',
});

export const logIn = defineEndpoint({
  ...common,
  operationId: 'logIn',
  method: 'POST',
  path: '/api/v1/auth/login',
  kind: 'action',
  summary: 'Begin a session',
  access: { kind: 'public' },
  rateLimit: 'sensitive',
  body: z.strictObject({
    email,
    password: givenPassword,
    tenantId: idSchema('tnt').optional().meta({ description: 'Organisation to act in; default the one joined first.' }),
  }),
  response: issuedSession,
  errors: [iamErrors.badCredentials, iamErrors.tooManyAttempts],
  browserSession: 'begins',
  audit: 'session.create',
});

export const logOut = defineEndpoint({
  ...common,
  operationId: 'logOut',
  method: 'POST',
  path: '/api/v1/auth/logout',
  kind: 'action',
  summary: 'End the session of this request',
  access: { kind: 'authenticated' },
  browserSession: 'ends',
  audit: 'session.end',
});

export const switchTenant = defineEndpoint({
  ...common,
  operationId: 'switchTenant',
  method: 'POST',
  path: '/api/v1/auth/switch-tenant',
  kind: 'action',
  summary: 'Act in another organisation from the next request on',
  access: { kind: 'authenticated' },
  body: z.strictObject({ tenantId: idSchema('tnt') }),
  audit: 'session.switch-tenant',
});

export const acceptInvitation = defineEndpoint({
  ...common,
  operationId: 'acceptInvitation',
  method: 'POST',
  path: '/api/v1/auth/accept-invitation',
  kind: 'action',
  summary: 'Join an organisation by the link of an invitation, and log in',
  description:
    'Whoever has an account gives its password; whoever has none gets one with the name and password sent here.',
  access: { kind: 'public' },
  rateLimit: 'sensitive',
  body: z.strictObject({ token: z.string().min(1).max(200), name: displayName.optional(), password: newPassword }),
  response: issuedSession,
  errors: [iamErrors.invitationGone, iamErrors.badCredentials, iamErrors.alreadyMember],
  browserSession: 'begins',
  audit: 'invitation.accept',
});

export const requestPasswordReset = defineEndpoint({
  ...common,
  operationId: 'requestPasswordReset',
  method: 'POST',
  path: '/api/v1/auth/request-password-reset',
  kind: 'action',
  summary: 'Have a link for a new password sent by mail',
  description: 'Answers the same whether the address is known or not.',
  access: { kind: 'public' },
  rateLimit: 'sensitive',
  body: z.strictObject({ email }),
  status: 202,
  errors: [iamErrors.tooManyAttempts],
  audit: 'user.request-password-reset',
});

export const resetPassword = defineEndpoint({
  ...common,
  operationId: 'resetPassword',
  method: 'POST',
  path: '/api/v1/auth/reset-password',
  kind: 'action',
  summary: 'Set a new password by the link of a mail; ends all sessions',
  access: { kind: 'public' },
  rateLimit: 'sensitive',
  body: z.strictObject({ token: z.string().min(1).max(200), password: newPassword }),
  errors: [iamErrors.resetLinkGone],
  audit: 'user.reset-password',
});
