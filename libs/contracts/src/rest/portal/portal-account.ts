import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { fileAnswer } from '../file-answer.ts';
import { displayName, email, slug, timestamp } from '../fields.ts';
import { developer } from './developers.ts';
import { portalErrors } from './portal.errors.ts';
import { approvalMode, logoTypes, siteAppearance } from './sites.ts';

/** Path of everything below one portal site. */
export const siteParams = z.strictObject({ siteSlug: slug });

/** What anybody may know about a portal site. */
export const publicSite = z
  .object({
    id: idSchema('site'),
    name: displayName,
    slug,
    signUpApproval: approvalMode,
    signUpOpen: z.boolean().meta({ description: 'False while the tenant is suspended.' }),
    ...siteAppearance,
  })
  .meta({ id: 'PublicPortalSite' });
export type PublicSite = z.output<typeof publicSite>;

const password = z.string().min(12).max(200).meta({ description: 'At least 12 characters.', format: 'password' });

export const signUp = z.strictObject({ name: displayName, email, password }).meta({ id: 'DeveloperSignUp' });
export type SignUp = z.output<typeof signUp>;

export const logIn = z
  .strictObject({ email, password: z.string().min(1).max(200).meta({ format: 'password' }) })
  .meta({ id: 'DeveloperLogIn' });
export type LogIn = z.output<typeof logIn>;

export const getPublicSite = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getPublicSite',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}',
  kind: 'get',
  tag: 'Portal: account',
  summary: 'Read what a portal site says about itself',
  access: { kind: 'public' },
  params: siteParams,
  response: publicSite,
});

export const getSiteLogo = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getSiteLogo',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/logo/{logoId}',
  kind: 'get',
  tag: 'Portal: account',
  summary: 'Read the logo of a portal site',
  description: 'The site says under which address; it never names another image.',
  access: { kind: 'public' },
  params: siteParams.extend({ logoId: z.string().regex(/^[0-9a-f]{32}$/) }),
  file: logoTypes,
  response: fileAnswer,
});

export const signUpDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'signUpDeveloper',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/sign-up',
  kind: 'action',
  tag: 'Portal: account',
  summary: 'Sign up as a developer',
  description:
    'Answers the same whether or not the mail address is known here; what happens next is in the mail. With automatic approval, following its link is enough; else an administrator decides.',
  access: { kind: 'public' },
  params: siteParams,
  body: signUp,
  status: 202,
  response: z.object({ next: z.literal('read-your-mail') }).meta({ id: 'DeveloperSignedUp' }),
  errors: [portalErrors.signUpClosed],
  audit: 'developer.sign-up',
  rateLimit: 'sensitive',
});

export const verifyDeveloperMail = defineEndpoint({
  service: 'developer-portal',
  operationId: 'verifyDeveloperMail',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/verify-mail',
  kind: 'action',
  tag: 'Portal: account',
  summary: 'Prove a mail address with the token from the mail',
  access: { kind: 'public' },
  params: siteParams,
  body: z.strictObject({ token: z.string().min(1).max(200) }).meta({ id: 'DeveloperMailToken' }),
  response: developer,
  errors: [portalErrors.wrongMailToken],
  audit: 'developer.verify-mail',
  rateLimit: 'sensitive',
});

export const logInDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'logInDeveloper',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/log-in',
  kind: 'action',
  tag: 'Portal: account',
  summary: 'Log in as a developer',
  description: 'A pending developer may log in and see the state; applications need approval.',
  access: { kind: 'public' },
  params: siteParams,
  body: logIn,
  response: z
    .object({
      token: z.string().meta({
        description: 'Send as `Authorization: Bearer …`. A browser gets a cookie instead: then it is left out.',
      }),
      expiresAt: timestamp,
      developer,
    })
    .meta({ id: 'DeveloperSession' }),
  errors: [portalErrors.wrongCredentials, portalErrors.tooManyAttempts],
  browserSession: 'begins',
  audit: 'developer.log-in',
  rateLimit: 'sensitive',
});

export const requestDeveloperPasswordReset = defineEndpoint({
  service: 'developer-portal',
  operationId: 'requestDeveloperPasswordReset',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/request-password-reset',
  kind: 'action',
  tag: 'Portal: account',
  summary: 'Have a link for a new password sent by mail',
  description:
    'Answers the same whether or not the mail address is known here. Somebody whose address was never confirmed signs up again instead.',
  access: { kind: 'public' },
  params: siteParams,
  body: z.strictObject({ email }).meta({ id: 'DeveloperPasswordResetRequest' }),
  status: 202,
  response: z.object({ next: z.literal('read-your-mail') }).meta({ id: 'DeveloperPasswordResetRequested' }),
  errors: [portalErrors.tooManyAttempts],
  audit: 'developer.request-password-reset',
  rateLimit: 'sensitive',
});

export const resetDeveloperPassword = defineEndpoint({
  service: 'developer-portal',
  operationId: 'resetDeveloperPassword',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/reset-password',
  kind: 'action',
  tag: 'Portal: account',
  summary: 'Set a new password by the link of a mail; ends all sessions',
  access: { kind: 'public' },
  params: siteParams,
  body: z.strictObject({ token: z.string().min(1).max(200), password }).meta({ id: 'DeveloperPasswordReset' }),
  errors: [portalErrors.resetLinkGone],
  audit: 'developer.reset-password',
  rateLimit: 'sensitive',
});

export const logOutDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'logOutDeveloper',
  method: 'POST',
  path: '/api/v1/portal/{siteSlug}/log-out',
  kind: 'action',
  tag: 'Portal: account',
  summary: 'End this session',
  access: { kind: 'developer' },
  params: siteParams,
  browserSession: 'ends',
  audit: 'developer.log-out',
});

export const getMyDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'getMyDeveloper',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/me',
  kind: 'get',
  tag: 'Portal: account',
  summary: 'Read one’s own registration',
  access: { kind: 'developer' },
  params: siteParams,
  response: developer,
});

export const eraseMyDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'eraseMyDeveloper',
  method: 'DELETE',
  path: '/api/v1/portal/{siteSlug}/me',
  kind: 'delete',
  tag: 'Portal: account',
  summary: 'Erase oneself',
  description:
    'Cancels all subscriptions, revokes all credentials and removes name, mail address and password for good.',
  access: { kind: 'developer' },
  params: siteParams,
  browserSession: 'ends',
  audit: 'developer.erase',
});

export const exportMyDeveloper = defineEndpoint({
  service: 'developer-portal',
  operationId: 'exportMyDeveloper',
  method: 'GET',
  path: '/api/v1/portal/{siteSlug}/me/export',
  kind: 'get',
  tag: 'Portal: account',
  summary: 'Export all that is stored about oneself',
  description: 'Applications and subscriptions are listed at their own addresses.',
  access: { kind: 'developer' },
  params: siteParams,
  response: z
    .object({
      developer,
      sessions: z.array(z.object({ id: idSchema('ses'), createdAt: timestamp, expiresAt: timestamp })),
    })
    .meta({ id: 'DeveloperExport' }),
});
