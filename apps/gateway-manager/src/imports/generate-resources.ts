import { type ResourceKind, routeSchema, serviceSchema, upstreamSchema } from '@tollgate/contracts/gateway';
import { toRoutePath } from './path-template.ts';
import type { Operation, Specification } from './read-specification.ts';
import { routeIds } from './route-ids.ts';

/** A resource that an import makes, defaults filled in. */
export interface GeneratedResource {
  kind: Extract<ResourceKind, 'upstream' | 'service' | 'route'>;
  id: string;
  value: Record<string, unknown>;
  /** For people reading a preview. */
  summary: string;
}

const maxNameLength = 100;
const maxDescriptionLength = 256;

/** Fields of a route that follow from the document; others are people's own and stay. */
export const generatedRouteFields = ['name', 'desc', 'uri', 'methods', 'priority', 'vars', 'service_id'] as const;

/** The service, its upstream and its routes; upstream first, as each refers to the one before. */
export function generateResources(
  specification: Specification,
  serviceId: string,
  upstreamUrl: URL,
): GeneratedResource[] {
  const { title, basePath, operations } = specification;
  const ids = routeIds(serviceId, operations);
  const name = clip(title, maxNameLength);
  return [
    { kind: 'upstream', id: serviceId, value: upstreamOf(name, upstreamUrl), summary: upstreamUrl.origin },
    { kind: 'service', id: serviceId, value: serviceSchema.parse({ name, upstream_id: serviceId }), summary: title },
    ...operations.map((operation, index): GeneratedResource => {
      const summary = `${operation.method} ${basePath}${operation.path}`;
      return { kind: 'route', id: ids[index] ?? '', value: routeOf(operation, basePath, serviceId), summary };
    }),
  ];
}

function upstreamOf(name: string, url: URL): Record<string, unknown> {
  const scheme = url.protocol === 'https:' ? 'https' : 'http';
  const port = url.port === '' ? (scheme === 'https' ? 443 : 80) : Number(url.port);
  const nodes = [{ host: url.hostname, port, weight: 1 }];
  return upstreamSchema.parse({ name, scheme, pass_host: 'node', nodes });
}

function routeOf(operation: Operation, basePath: string, serviceId: string): Record<string, unknown> {
  const { method, path, operationId, summary } = operation;
  const { uri, priority, expression } = toRoutePath(`${basePath}${path}`);
  return routeSchema.parse({
    name: clip(operationId ?? `${method} ${path}`, maxNameLength),
    ...(summary ? { desc: clip(summary, maxDescriptionLength) } : {}),
    uri,
    methods: [method],
    priority,
    ...(expression === null ? {} : { vars: [['uri', '~~', expression]] }),
    service_id: serviceId,
  });
}

/** At most so many characters, whole ones. */
function clip(text: string, length: number): string {
  return text.length <= length
    ? text
    : text
        .slice(0, length - 1)
        .toWellFormed()
        .replace(/\uFFFD$/, '') + '…';
}
