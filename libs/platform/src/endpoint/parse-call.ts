import { commonErrors } from '@tollgate/contracts/errors';
import type { Endpoint, EndpointCall } from '@tollgate/contracts/rest';
import { z } from 'zod';
import { ApiError, type ErrorPlace } from '../errors/api-error.ts';
import { placesOf, toPointer } from '../errors/zod-places.ts';
import { languageOf } from '../languages/language-of-request.ts';
import type { EndpointRequest } from './implements.ts';

const flag = z.enum(['true', 'false']).default('false');
const entityTag = /^(?:W\/)?"(\d{1,15})"$/;

/** PostgreSQL stores neither NUL nor lone surrogates: refuse them once, here, for every field. */
function findUnstorable(value: unknown, path: PropertyKey[] = []): PropertyKey[] | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, member] of Object.entries(value)) {
    if (key.includes('\0') || !key.isWellFormed()) return path;
    const found = findUnstorable(member, [...path, key]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function parsePart(schema: z.ZodType | undefined, value: unknown, root: string, places: ErrorPlace[]): unknown {
  if (schema === undefined) return undefined;
  const unstorable = findUnstorable(value);
  if (unstorable !== undefined) {
    places.push({ pointer: toPointer(unstorable, root), message: 'NUL and lone surrogates are not allowed.' });
    return undefined;
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  places.push(...placesOf(parsed.error, root));
  return undefined;
}

function readIfMatch(request: EndpointRequest, endpoint: Endpoint): number | undefined {
  const needed = (endpoint.kind === 'update' || endpoint.kind === 'delete') && endpoint.withoutIfMatch === undefined;
  const header = request.headers['if-match'];
  if (header === undefined) {
    if (needed) throw new ApiError(commonErrors.preconditionRequired);
    return undefined;
  }
  const match = entityTag.exec(header);
  if (match === null) {
    throw new ApiError(commonErrors.invalid, {
      errors: [{ pointer: '/headers/if-match', message: 'Send the ETag of the object, e.g. "3".' }],
    });
  }
  return Number(match[1]);
}

function refuseUnentitled({ principal }: EndpointRequest, { force }: Endpoint): void {
  const missing = force?.permissions?.filter((permission) => !principal?.permissions.includes(permission)) ?? [];
  if (missing.length > 0) {
    throw new ApiError(commonErrors.forbidden, { detail: `force=true needs ${missing.join(' and ')}.` });
  }
}

/** The token of an `Authorization: Bearer` header, as sent. */
export function bearerOf(request: EndpointRequest): string | undefined {
  return /^Bearer ([\x21-\x7e]+)$/i.exec(request.headers.authorization ?? '')?.[1];
}

/**
 * Parses everything a controller needs.
 * @throws ApiError 403 for `force` without its permission, 404 for path parameters that no object can have, 400 with every place for query and body, 428 without If-Match.
 */
export function parseCall(request: EndpointRequest, endpoint: Endpoint): EndpointCall<Endpoint> {
  const paramPlaces: ErrorPlace[] = [];
  const params = parsePart(endpoint.params, request.params ?? {}, '/params', paramPlaces);
  if (paramPlaces.length > 0) throw new ApiError(commonErrors.notFound);

  const places: ErrorPlace[] = [];
  const rawQuery = { ...(request.query as Record<string, unknown> | undefined) };
  const takeFlag = (name: 'dryRun' | 'force'): boolean => {
    if (!endpoint[name]) return false;
    const text = rawQuery[name];
    delete rawQuery[name];
    return parsePart(flag, text, `/query/${name}`, places) === 'true';
  };
  const dryRun = takeFlag('dryRun');
  const force = takeFlag('force');
  const query = parsePart(endpoint.query ?? z.strictObject({}), rawQuery, '/query', places);
  const body = parsePart(endpoint.body, request.body, '', places);
  if (places.length > 0) throw new ApiError(commonErrors.invalid, { errors: places });
  if (force) refuseUnentitled(request, endpoint);

  const call: EndpointCall<Endpoint> = {
    params: params,
    query: query,
    body: body,
    principal: request.principal,
    ifMatch: readIfMatch(request, endpoint),
    dryRun,
    force,
    requestId: request.id,
    language: languageOf(request),
    address: request.ip,
    bearer: bearerOf(request),
  };
  return call;
}
