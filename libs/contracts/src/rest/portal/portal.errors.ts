import { defineError } from '../../errors/index.ts';

/** Errors of the developer portal beyond the common ones. */
export const portalErrors = {
  stateConflict: defineError({
    code: 'portal.state_conflict',
    status: 409,
    title: 'The present state does not allow this',
    operator: 'The state machine has no such step; `detail` names the state and the step.',
  }),
  productNotPublishable: defineError({
    code: 'product.not_publishable',
    status: 409,
    title: 'The product cannot be published as it is',
    operator:
      'It has no plan or no route, a route is missing in the published revision, or a route asks for no key although every plan does; `errors` names each.',
  }),
  referenceInvalid: defineError({
    code: 'product.reference_invalid',
    status: 400,
    title: 'This is no OpenAPI document that can be shown',
    operator:
      'It is neither JSON nor YAML, no OpenAPI 3.0 or 3.1, larger than 1 MiB, or refers to what is not in it; pointers below `/document` point into it.',
  }),
  logoInvalid: defineError({
    code: 'site.logo_invalid',
    status: 400,
    title: 'This is no PNG, JPEG or WebP image of at most 100 kB',
    operator: 'What the image is, is told by its first bytes. SVG is refused: it can hold scripts.',
  }),
  planNotOffered: defineError({
    code: 'plan.not_offered',
    status: 409,
    title: 'This plan cannot be subscribed to',
    operator: 'The plan is retired, keyless, or its product is not published.',
  }),
  alreadySubscribed: defineError({
    code: 'subscription.exists',
    status: 409,
    title: 'The application is already subscribed to this product',
    operator: 'One live subscription per application and product; change its plan or cancel it first.',
  }),
  limitReached: defineError({
    code: 'portal.limit_reached',
    status: 409,
    title: 'There are as many of these as there may be',
    operator: 'A fixed bound that keeps lists and configurations small; `detail` says which.',
  }),
  signUpClosed: defineError({
    code: 'developer.sign_up_closed',
    status: 403,
    title: 'This portal takes no sign-ups at present',
    operator: 'The tenant is suspended.',
  }),
  wrongCredentials: defineError({
    code: 'developer.wrong_credentials',
    status: 401,
    title: 'The mail address or the password is wrong',
    operator: 'Unknown address, wrong password, or a developer who was refused or suspended: all are answered alike.',
  }),
  tooManyAttempts: defineError({
    code: 'developer.too_many_attempts',
    status: 429,
    title: 'Too many attempts; try again later',
    operator:
      'Too many log-ins, or requests for a new password, for this mail address at this site; Retry-After says when to come back.',
  }),
  resetLinkGone: defineError({
    code: 'developer.reset_link_gone',
    status: 404,
    title: 'This link does not exist or is no longer valid',
    operator: 'Unknown, used or expired; all are answered alike. A link for a new password works once and for an hour.',
  }),
  wrongMailToken: defineError({
    code: 'developer.wrong_mail_token',
    status: 409,
    title: 'The link is used, expired or never was valid',
    operator: 'Mail verification tokens work once and for a day. Signing up again sends a new one.',
  }),
  developerNotApproved: defineError({
    code: 'developer.not_approved',
    status: 403,
    title: 'Your registration is not approved yet',
    operator: 'The developer waits for the mail to be verified, or for an administrator.',
  }),
} as const;
