import { jsonPointer, type routeMethods } from '@tollgate/contracts/gateway';
import type { ImportResult } from '@tollgate/contracts/rest/gateway';
import { placesOf } from '@tollgate/platform';
import { z } from 'zod';
import { documentInvalid } from './document-error.ts';

/** One operation of a document. */
export interface Operation {
  method: (typeof routeMethods)[number];
  /** Path template as written. */
  path: string;
  operationId: string | null;
  summary: string | null;
}

/** What an import needs of a document. */
export interface Specification {
  specification: ImportResult['specification'];
  title: string;
  /** The first server's address; null when the document names none that stands alone. */
  serverUrl: string | null;
  /** Path below which the document's paths are, without a slash at the end. */
  basePath: string;
  operations: Operation[];
  warnings: ImportResult['warnings'];
}

const methods = {
  get: 'GET',
  put: 'PUT',
  post: 'POST',
  delete: 'DELETE',
  options: 'OPTIONS',
  head: 'HEAD',
  patch: 'PATCH',
  trace: 'TRACE',
} as const;

const members = z.record(z.string(), z.unknown(), 'must be an object');
/** Some public documents leave their title empty. */
const untitled = 'Untitled API';
const info = z.object(
  {
    title: z
      .string('is required and must be text')
      .trim()
      .transform((title) => title || untitled),
  },
  'is required and must be an object',
);
const swagger = z.object({
  swagger: z.literal('2.0', 'must be "2.0"'),
  info,
  paths: members,
  host: z.string().optional(),
  basePath: z.string().optional(),
  schemes: z.array(z.string()).optional(),
});
const openapi = z.object({
  openapi: z.string().regex(/^3\.[01]\.\d+/, 'must be a 3.0 or 3.1 version'),
  info,
  paths: members,
  servers: z
    .array(
      z.object({
        url: z.string(),
        variables: z.record(z.string(), z.looseObject({ default: z.coerce.string() })).optional(),
      }),
    )
    .optional(),
});
const operation = z.object({ operationId: z.string().optional(), summary: z.string().optional() }, 'must be an object');

/**
 * Reads a parsed document, resolving nothing outside it.
 * @throws ApiError `gateway.document_invalid` with a pointer to each fault.
 */
export function readSpecification(document: unknown): Specification {
  if (!isRecord(document)) throw documentInvalid([{ pointer: '', message: 'It must be an object.' }]);
  if ('swagger' in document) {
    const { info: about, paths, ...rest } = check(swagger, document);
    return { specification: 'swagger-2.0', title: about.title, ...swaggerServer(rest), ...readPaths(document, paths) };
  }
  if (!('openapi' in document)) {
    throw documentInvalid([{ pointer: '', message: 'It is neither an OpenAPI nor a Swagger document.' }]);
  }
  const { info: about, paths, openapi: release, servers } = check(openapi, document);
  const specification = release.startsWith('3.0') ? 'openapi-3.0' : 'openapi-3.1';
  return { specification, title: about.title, ...openapiServer(servers), ...readPaths(document, paths) };
}

function check<S extends z.ZodType>(schema: S, value: unknown): z.output<S> {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw documentInvalid(placesOf(parsed.error));
  return parsed.data;
}

function swaggerServer(document: Pick<z.output<typeof swagger>, 'host' | 'basePath' | 'schemes'>): ServerAddress {
  const { host, basePath = '', schemes = ['https'] } = document;
  const scheme = schemes.includes('https') ? 'https' : 'http';
  return addressOf(host === undefined ? basePath : `${scheme}://${host}${basePath}`);
}

function openapiServer(servers: z.output<typeof openapi>['servers']): ServerAddress {
  const [server] = servers ?? [];
  if (!server) return addressOf('');
  return addressOf(
    server.url.replaceAll(/\{([^{}]+)\}/g, (_all, name: string) => server.variables?.[name]?.default ?? name),
  );
}

type ServerAddress = Pick<Specification, 'serverUrl' | 'basePath'>;

/** A relative address says below which path, not where. */
function addressOf(text: string): ServerAddress {
  const url = URL.parse(text.startsWith('//') ? `https:${text}` : text);
  if (url !== null && /^https?:$/.test(url.protocol)) {
    return { serverUrl: url.origin, basePath: decodePath(url.pathname) };
  }
  return { serverUrl: null, basePath: text.startsWith('/') ? decodePath(text) : '' };
}

function decodePath(path: string): string {
  return path.replace(/\/+$/, '');
}

type Operations = Pick<Specification, 'operations' | 'warnings'>;

function readPaths(document: Record<string, unknown>, paths: Record<string, unknown>): Operations {
  const found: Operations = { operations: [], warnings: [] };
  const faults: { pointer: string; message: string }[] = [];
  for (const [path, item] of Object.entries(paths)) {
    if (path.startsWith('x-')) continue;
    const at = ['paths', path];
    const resolved = followReference(document, item);
    if (!path.startsWith('/')) faults.push({ pointer: jsonPointer(at), message: 'A path starts with a slash.' });
    else if (resolved === null) {
      found.warnings.push({
        pointer: jsonPointer(at),
        message: 'It refers to what is not in this document; left out.',
      });
    } else if (!isRecord(resolved)) faults.push({ pointer: jsonPointer(at), message: 'must be an object' });
    else readOperations(path, resolved, found, faults);
  }
  if (faults.length > 0) throw documentInvalid(faults);
  if (found.operations.length === 0) throw documentInvalid([{ pointer: '/paths', message: 'It has no operation.' }]);
  return found;
}

function readOperations(
  path: string,
  item: Record<string, unknown>,
  found: Operations,
  faults: { pointer: string; message: string }[],
): void {
  for (const [name, method] of Object.entries(methods)) {
    if (!(name in item)) continue;
    const parsed = operation.safeParse(item[name]);
    if (parsed.success) {
      const { operationId, summary } = parsed.data;
      found.operations.push({ method, path, operationId: operationId || null, summary: summary || null });
    } else faults.push(...placesOf(parsed.error, jsonPointer(['paths', path, name])));
  }
}

/** The item itself or what its local `$ref` names; null when that is elsewhere or nowhere. */
function followReference(document: Record<string, unknown>, item: unknown): unknown {
  if (!isRecord(item) || typeof item['$ref'] !== 'string') return item;
  const reference = item['$ref'];
  if (!reference.startsWith('#/')) return null;
  let target: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const key = safeDecode(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isRecord(target) || !Object.hasOwn(target, key)) return null;
    target = target[key];
  }
  return isRecord(target) && '$ref' in target ? null : target;
}

function safeDecode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
