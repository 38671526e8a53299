import { z } from 'zod';
import { idSchema } from '../../ids/index.ts';
import { defineEndpoint } from '../endpoint.ts';
import { gatewayErrors } from './gateway.errors.ts';
import { groupParams } from './groups.ts';
import { gatewayResourceId, policyTemplateReference } from './resources.ts';

/** Largest OpenAPI document, in UTF-8 bytes. */
export const maxDocumentBytes = 20 * 1024 * 1024;
/** Largest OpenAPI document that is fetched from an address, bytes. */
export const maxFetchedDocumentBytes = 1024 * 1024;
/** Most lines of a preview; counts are always complete. */
export const maxImportChanges = 5000;

const change = z.enum(['add', 'change', 'remove']);

export const importResult = z
  .object({
    serviceId: gatewayResourceId,
    upstreamId: gatewayResourceId,
    workspaceId: idSchema('wsp'),
    specification: z.enum(['swagger-2.0', 'openapi-3.0', 'openapi-3.1']),
    title: z.string(),
    added: z.number().int().nonnegative(),
    changed: z.number().int().nonnegative(),
    removed: z.number().int().nonnegative(),
    unchanged: z.number().int().nonnegative(),
    changes: z.array(
      z.object({ change, kind: z.enum(['upstream', 'service', 'route']), id: z.string(), summary: z.string() }),
    ),
    warnings: z.array(z.object({ pointer: z.string(), message: z.string() })),
  })
  .meta({ id: 'ImportResult', description: 'What an import changed in the draft, or would change.' });
export type ImportResult = z.output<typeof importResult>;

const importSource = z.strictObject({
  document: z
    .string()
    .min(2)
    .max(maxDocumentBytes)
    .optional()
    .meta({ description: 'The text itself, at most 20 MiB. Needed unless `url` is given.' }),
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional()
    .meta({
      description:
        'Where the document is, in place of `document`: fetched by the control plane without credentials, at most 1 MiB in 10 seconds ' +
        'over at most 3 redirects. Addresses inside a network are refused unless the operator allows them.',
    }),
});

export const importOpenApi = defineEndpoint({
  service: 'gateway-manager',
  tag: 'Gateway resources',
  operationId: 'importOpenApi',
  method: 'POST',
  path: '/api/v1/gateway-groups/{groupId}/imports',
  kind: 'action',
  summary: 'Import an OpenAPI document into a service with routes and an upstream',
  description:
    'Swagger 2.0, OpenAPI 3.0 and 3.1, as JSON or YAML, whatever type an address says it is. Routes get stable ids from operationId, or from method and path, so importing a newer document again updates them; routes made by hand stay. With `dryRun=true` the answer is the preview.',
  access: { kind: 'permission', permission: 'config.write' },
  params: groupParams,
  body: importSource
    .extend({
      workspaceId: idSchema('wsp').optional().meta({ description: 'Default: the workspace `default`.' }),
      serviceId: gatewayResourceId
        .max(40)
        .optional()
        .meta({ description: 'Default: from the document’s title. Name the same one to import again.' }),
      upstreamUrl: z
        .url({ protocol: /^https?$/ })
        .max(500)
        .optional()
        .meta({ description: 'Scheme, host and port of the upstream; default: the document’s first server.' }),
      policyTemplate: policyTemplateReference
        .nullable()
        .optional()
        .meta({ description: 'Reference of the service. Left out: stays as it is.' }),
    })
    .refine(({ document, url }) => (document === undefined) !== (url === undefined), {
      path: ['document'],
      message: 'Either the document or the address of one.',
    }),
  response: importResult,
  inLanguages: ['/warnings/*/message'],
  errors: [
    gatewayErrors.documentInvalid,
    gatewayErrors.documentAddressRefused,
    gatewayErrors.documentUnreachable,
    gatewayErrors.documentNotFound,
    gatewayErrors.documentTooLarge,
    gatewayErrors.resourceIdTaken,
  ],
  audit: 'import.run',
  dryRun: true,
  bodyLimitBytes: 2 * maxDocumentBytes,
});
