import { defineError } from '../errors/index.ts';

/** Errors that only the link answers. */
export const linkErrors = {
  tokenRefused: defineError({
    code: 'link.token_refused',
    status: 401,
    title: 'The enrolment token is not valid',
    operator: 'Unknown, expired, revoked, or a one-time token that was used. Make a new one for the pool.',
  }),
  certificateRequired: defineError({
    code: 'link.certificate_required',
    status: 401,
    title: 'A client certificate is required',
    operator: 'Only enrol and renew work without one. Something between data plane and control plane may end TLS.',
  }),
  certificateRefused: defineError({
    code: 'link.certificate_refused',
    status: 401,
    title: 'The client certificate is not accepted',
    operator: 'Issued by another CA, expired, or without the instance’s name. An expired one can only renew itself.',
  }),
  instanceRevoked: defineError({
    code: 'link.instance_revoked',
    status: 403,
    title: 'This data plane was revoked',
    operator: 'An administrator revoked the instance. It keeps serving what it has; enrol it anew to bring it back.',
  }),
  protocolUnsupported: defineError({
    code: 'link.protocol_unsupported',
    status: 426,
    title: 'The protocol version of the link is not served',
    operator: 'The data plane is more than two versions older, or newer, than the control plane.',
  }),
  csrRefused: defineError({
    code: 'link.csr_refused',
    status: 400,
    title: 'The certificate request cannot be signed',
    operator: 'It is unreadable, its signature is wrong, or its key is not ECDSA P-256.',
  }),
  usageOfForeignGroup: defineError({
    code: 'usage.foreign_group',
    status: 403,
    title: 'The batch counts calls of a group that this pool does not serve',
    operator:
      'A group left the pool while its calls were on the way, or a data plane misbehaves. The batch is kept there.',
  }),
  usageContentChanged: defineError({
    code: 'usage.content_changed',
    status: 409,
    title: 'This sequence number was used with other content',
    operator:
      'Must never happen: a data plane counted twice or its state folder was copied. Investigate before billing.',
  }),
} as const;
