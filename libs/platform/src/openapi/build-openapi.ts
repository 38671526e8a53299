import type { oas31 } from 'zod-openapi';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { commonErrors, type ErrorDefinition, problem } from '@tollgate/contracts/errors';
import { languages, sourceLanguage } from '@tollgate/contracts/languages';
import { type Access, type Endpoint, forcedDeletion } from '@tollgate/contracts/rest';
import { z } from 'zod';

type OperationHeaders = Record<string, z.ZodType>;

/** Common errors that an endpoint can answer because of what it is. */
function impliedErrors(endpoint: Endpoint): ErrorDefinition[] {
  const { access, kind, params, body, query } = endpoint;
  const open = access.kind === 'public';
  return [
    ...(body || query ? [commonErrors.invalid] : []),
    ...(open ? [] : [commonErrors.unauthenticated]),
    ...(access.kind === 'permission' ? [commonErrors.forbidden] : []),
    ...(endpoint.browserSession === undefined ? [] : [commonErrors.crossSiteRefused]),
    ...(params ? [commonErrors.notFound] : []),
    ...(body ? [commonErrors.tooLarge, commonErrors.unsupportedMediaType] : []),
    ...(takesIdempotencyKey(endpoint) ? [commonErrors.idempotencyInProgress, commonErrors.idempotencyMismatch] : []),
    ...(needsIfMatch(endpoint) ? [commonErrors.preconditionFailed, commonErrors.preconditionRequired] : []),
    ...(kind === 'list' ? [commonErrors.invalid] : []),
    commonErrors.rateLimited,
  ];
}

const needsIfMatch = (endpoint: Endpoint): boolean =>
  (endpoint.kind === 'update' || endpoint.kind === 'delete') && endpoint.withoutIfMatch === undefined;
const takesIdempotencyKey = (endpoint: Endpoint): boolean =>
  endpoint.kind === 'create' && endpoint.withoutIdempotencyKey === undefined && endpoint.access.kind !== 'public';

function headersOf(endpoint: Endpoint): z.ZodObject | undefined {
  const headers: OperationHeaders = {
    ...(endpoint.browserSession === 'begins'
      ? {
          'x-tollgate-browser': z.literal('1').optional().meta({
            description:
              'Sent by a page in a browser: the session’s `token` is then left out of the answer and a cookie, HttpOnly and SameSite=Strict, stands for it.',
          }),
        }
      : {}),
    ...(endpoint.inLanguages !== undefined
      ? {
          'accept-language': z
            .string()
            .optional()
            .meta({
              description: `Language of the texts in the answer: ${languages.map((language) => `\`${language}\``).join(' or ')}; default \`${sourceLanguage}\`.`,
            }),
        }
      : {}),
    ...(needsIfMatch(endpoint)
      ? { 'if-match': z.string().meta({ description: 'ETag of the object as it was read.', example: '"1"' }) }
      : {}),
    ...(takesIdempotencyKey(endpoint)
      ? {
          'idempotency-key': z
            .string()
            .max(128)
            .optional()
            .meta({ description: 'The same key and body within 24 hours give the same answer, once done.' }),
        }
      : {}),
  };
  return Object.keys(headers).length === 0 ? undefined : z.object(headers);
}

function queryOf(endpoint: Endpoint): z.ZodObject | undefined {
  const dryRun = z
    .enum(['true', 'false'])
    .default('false')
    .meta({ description: '`true` validates and answers with the result without effect.' });
  const force = z.enum(['true', 'false']).default('false').meta({
    description:
      '`true` deletes although others refer to the object; with `dryRun=true` it tells what would become of them.',
  });
  const { query } = endpoint;
  const base = query instanceof z.ZodObject ? query : undefined;
  if (!endpoint.dryRun) return base;
  return (base ?? z.object({})).extend({ dryRun, ...(endpoint.force ? { force } : {}) });
}

function responsesOf(endpoint: Endpoint): ZodOpenApiResponsesObject {
  const errors = new Map<number, ErrorDefinition[]>();
  for (const error of [...impliedErrors(endpoint), ...endpoint.errors]) {
    const known = errors.get(error.status) ?? [];
    if (!known.includes(error)) errors.set(error.status, [...known, error]);
  }
  const { responseType = 'application/json' } = endpoint;
  const told = (schema: z.ZodType) => ({ description: 'Done.', content: { [responseType]: { schema } } });
  const hasBody = endpoint.response !== undefined && !endpoint.force;
  const responses: ZodOpenApiResponsesObject = {
    [`${endpoint.status}` as '200']: endpoint.file
      ? fileResponse(endpoint.file)
      : hasBody && endpoint.response
        ? told(endpoint.response)
        : { description: 'Done.' },
    ...(endpoint.force ? { '200': told(forcedDeletion) } : {}),
  };
  for (const [status, definitions] of [...errors].sort(([a], [b]) => a - b)) {
    responses[`${status}` as '400'] = {
      description: definitions.map((definition) => `\`${definition.code}\`: ${definition.title}`).join('\n\n'),
      content: { 'application/problem+json': { schema: problem } },
    };
  }
  responses.default = { description: 'Any other error.', content: { 'application/problem+json': { schema: problem } } };
  return responses;
}

function fileResponse(contentTypes: readonly string[]): ZodOpenApiResponseObject {
  const schema = z.string().meta({ format: 'binary' });
  return { description: 'Done.', content: Object.fromEntries(contentTypes.map((type) => [type, { schema }])) };
}

/** What people read: what `force` does is told once, here, for all endpoints alike. */
function descriptionOf({ description, force }: Endpoint): string | undefined {
  if (force === undefined) return description;
  const names = force.permissions?.map((permission) => `\`${permission}\``).join(' and ');
  const needs = names === undefined ? '' : ` It needs ${names} too.`;
  return [description, `\`force=true\` deletes it all the same: ${force.effect}${needs}`].filter(Boolean).join(' ');
}

function securityOf(access: Access): oas31.SecurityRequirementObject[] {
  if (access.kind === 'public') return [];
  return access.kind === 'developer' ? [{ developerSession: [] }] : [{ bearer: [] }];
}

function operationOf(endpoint: Endpoint): ZodOpenApiOperationObject {
  const { access } = endpoint;
  const path = endpoint.params instanceof z.ZodObject ? endpoint.params : undefined;
  const query = queryOf(endpoint);
  const header = headersOf(endpoint);
  const description = descriptionOf(endpoint);
  return {
    operationId: endpoint.operationId,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(description === undefined ? {} : { description }),
    security: securityOf(access),
    ...(path || query || header
      ? { requestParams: { ...(path ? { path } : {}), ...(query ? { query } : {}), ...(header ? { header } : {}) } }
      : {}),
    ...(endpoint.body === undefined
      ? {}
      : { requestBody: { required: true, content: { 'application/json': { schema: endpoint.body } } } }),
    responses: responsesOf(endpoint),
    'x-tollgate-service': endpoint.service,
    'x-tollgate-kind': endpoint.kind,
    'x-tollgate-access': access.kind,
    ...(access.kind === 'permission' ? { 'x-tollgate-permission': access.permission } : {}),
    ...(endpoint.audit === undefined ? {} : { 'x-tollgate-audit': endpoint.audit }),
    'x-tollgate-rate-limit': endpoint.rateLimit,
    ...(endpoint.withoutIfMatch === undefined ? {} : { 'x-tollgate-without-if-match': endpoint.withoutIfMatch }),
    ...(endpoint.withoutIdempotencyKey === undefined
      ? {}
      : { 'x-tollgate-without-idempotency-key': endpoint.withoutIdempotencyKey }),
  };
}

/** The OpenAPI 3.1 document of `endpoints`; internal ones are left out. */
export function buildOpenApi(endpoints: readonly Endpoint[]): oas31.OpenAPIObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const endpoint of endpoints) {
    if (endpoint.path.startsWith('/internal/')) continue;
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method.toLowerCase()]: operationOf(endpoint) };
  }
  return createDocument({
    openapi: '3.1.0',
    info: {
      title: 'Tollgate API',
      version: '1',
      description:
        'Everything the console and the command line do. `/api/v1` only grows. Errors are problem documents (RFC 9457); lists are paged by cursor; ' +
        'updates need If-Match with the ETag that was read; creates honour Idempotency-Key. ' +
        'A page in a browser holds no token: it logs in with `x-tollgate-browser: 1`, gets a cookie, and sends that header with every change.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'Personal access token, service-account token or session token.',
        },
        developerSession: { type: 'http', scheme: 'bearer', description: 'Session of a developer at a portal site.' },
      },
    },
  });
}
