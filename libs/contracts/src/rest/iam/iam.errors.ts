import { defineError } from '../../errors/index.ts';

/** Errors of iam beyond the common ones. */
export const iamErrors = {
  badCredentials: defineError({
    code: 'auth.bad_credentials',
    status: 401,
    title: 'The e-mail address or the password is not right',
    operator: 'Unknown person or wrong password; both take the same time and are answered alike.',
  }),
  wrongPassword: defineError({
    code: 'auth.wrong_password',
    status: 403,
    title: 'The present password is not right',
    operator: 'Somebody who is logged in gave a wrong password to confirm a change; the session goes on.',
  }),
  resetLinkGone: defineError({
    code: 'password_reset.gone',
    status: 404,
    title: 'This link does not exist or is no longer valid',
    operator: 'Unknown, used or expired; all are answered alike.',
  }),
  tooManyAttempts: defineError({
    code: 'auth.too_many_attempts',
    status: 429,
    title: 'Too many attempts; try again later',
    operator:
      'Too many wrong passwords, or requests for a new one, for this e-mail address; Retry-After says when to come back.',
  }),
  taken: defineError({
    code: 'name.taken',
    status: 409,
    title: 'This is taken',
    operator:
      'A name that must be unique exists already; `errors` points at the field. Nothing is said about who has it.',
  }),
  invitationGone: defineError({
    code: 'invitation.gone',
    status: 404,
    title: 'This invitation does not exist or is no longer valid',
    operator: 'Unknown, used, revoked or expired; all are answered alike.',
  }),
  alreadyMember: defineError({
    code: 'member.exists',
    status: 409,
    title: 'This person is a member already',
    operator: 'The invited e-mail address belongs to a member of the organisation.',
  }),
  lastOwner: defineError({
    code: 'member.last_owner',
    status: 409,
    title: 'An organisation needs at least one owner',
    operator: 'The change would leave the organisation without an owner.',
  }),
  beyondOwnRights: defineError({
    code: 'auth.beyond_own_rights',
    status: 403,
    title: 'You cannot give or take rights that you do not have',
    operator:
      'The role or permission to be given, or the role of the person to be changed, goes beyond the caller’s own.',
  }),
  tenantSuspended: defineError({
    code: 'tenant.already_suspended',
    status: 409,
    title: 'The organisation is suspended already',
    operator: 'Suspending twice changes nothing.',
  }),
  tenantActive: defineError({
    code: 'tenant.not_suspended',
    status: 409,
    title: 'The organisation is not suspended',
    operator: 'There is nothing to resume.',
  }),
} as const;
