import { defineError } from '../../errors/index.ts';

/** Errors of gateway configuration beyond the common ones. */
export const gatewayErrors = {
  staleRevision: defineError({
    code: 'gateway.stale_revision',
    status: 409,
    title: 'Others have published since the revision you started from',
    operator:
      '`errors` lists what changed after `baseRevision`; the caller reads it, takes the newer base and publishes again.',
  }),
  configurationInvalid: defineError({
    code: 'gateway.configuration_invalid',
    status: 409,
    title: 'The draft cannot be published as it is',
    operator: 'The compile check refused a resource; `errors` names resource and place.',
  }),
  templateUnknown: defineError({
    code: 'gateway.template_unknown',
    status: 409,
    title: 'A policy template that the draft refers to does not exist',
    operator: '`errors` names template and version; the caller changes the reference or publishes the version.',
  }),
  revisionUnknown: defineError({
    code: 'gateway.revision_unknown',
    status: 409,
    title: 'The gateway group has no such revision',
    operator: 'The revision to roll back to is not older than the present one.',
  }),
  templateNotInForce: defineError({
    code: 'gateway.template_not_in_force',
    status: 409,
    title: 'Nothing in force in this gateway group takes the newest version of the policy template',
    operator:
      'The group does not use the template, names a fixed version of it, or refers to it in its draft only; the caller publishes the draft of the group.',
  }),
  tooManyGroups: defineError({
    code: 'gateway.too_many_groups',
    status: 409,
    title: 'More gateway groups use the policy template than one call publishes',
    operator: 'The caller names groups by `groupIds`, `detail` says how many at a time.',
  }),
  documentInvalid: defineError({
    code: 'gateway.document_invalid',
    status: 400,
    title: 'The OpenAPI document cannot be imported',
    operator: '`errors` names each place; pointers below `/document` point into the document.',
  }),
  documentAddressRefused: defineError({
    code: 'gateway.document_address_refused',
    status: 400,
    title: 'The document’s address may not be reached from here',
    operator:
      'The address, or one it redirects to, has another scheme than http or https, holds a password, or leads to a private, loopback, link-local or metadata range that EGRESS_ALLOWED_RANGES does not name.',
  }),
  documentUnreachable: defineError({
    code: 'gateway.document_unreachable',
    status: 400,
    title: 'The document’s address does not answer',
    operator:
      'The name is not known, nobody listens, TLS failed, the answer took longer than 10 seconds, or it redirects more than 3 times; the address is tried from the control plane.',
  }),
  documentNotFound: defineError({
    code: 'gateway.document_not_found',
    status: 400,
    title: 'There is no document at the address',
    operator:
      'The address answered with another status than 2xx; `errors` tells which. It is fetched without credentials.',
  }),
  documentTooLarge: defineError({
    code: 'gateway.document_too_large',
    status: 400,
    title: 'The document at the address is larger than 1 MiB',
    operator: 'Larger documents, up to 20 MiB, are sent as text in `document`.',
  }),
  resourceIdTaken: defineError({
    code: 'gateway.resource_id_taken',
    status: 409,
    title: 'The id belongs to another resource of this gateway group',
    operator: 'Ids are unique per kind in a group, also across its workspaces.',
  }),
  streamRouteConflict: defineError({
    code: 'gateway.stream_route_conflict',
    status: 409,
    title: 'Another stream route of this gateway group takes the same connections',
    operator:
      '`errors` names the field and the other stream route, also one of another workspace; the caller takes another port, server name or address.',
  }),
  streamsNotShared: defineError({
    code: 'gateway.streams_not_shared',
    status: 409,
    title: 'A shared pool serves no stream routes',
    operator:
      'The ports of a shared data plane cannot belong to one of its tenants; the caller makes a gateway group with `pool: self-hosted`.',
  }),
  noDataPlaneOnline: defineError({
    code: 'gateway.no_data_plane_online',
    status: 409,
    title: 'No data plane of this gateway group is online',
    operator: 'None is enrolled, all are offline or revoked, or the one that was named is; the caller starts one.',
  }),
  tryNotAnswered: defineError({
    code: 'gateway.try_not_answered',
    status: 504,
    title: 'The data plane did not tell in time what became of the request',
    operator:
      'It has lost its link just now, or does not have the gateway group in force yet; the request may have been made nonetheless.',
  }),
  tryHostUnknown: defineError({
    code: 'gateway.try_host_unknown',
    status: 400,
    title: 'The host does not lead to this gateway group',
    operator: 'The caller names one of the hosts of the group.',
  }),
} as const;
