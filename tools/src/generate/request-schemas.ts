interface Json {
  readonly [key: string]: unknown;
}

const componentPrefix = '#/components/schemas/';
const definitionPrefix = '#/$defs/';

const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same schema with references into `$defs`; the names it refers to are added to `needed`. */
function moved(value: unknown, needed: Set<string>): unknown {
  if (Array.isArray(value)) return value.map((inner) => moved(inner, needed));
  if (!isJson(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key !== '$ref' || typeof inner !== 'string' || !inner.startsWith(componentPrefix))
        return [key, moved(inner, needed)];
      const name = inner.slice(componentPrefix.length);
      needed.add(name);
      return [key, definitionPrefix + name];
    }),
  );
}

function bodyOf(operation: unknown): unknown {
  const body = isJson(operation) ? operation.requestBody : undefined;
  const content = isJson(body) ? body.content : undefined;
  const media = isJson(content) ? content['application/json'] : undefined;
  return isJson(media) ? media.schema : undefined;
}

/** JSON Schemas of all request bodies of an OpenAPI document by operation id, and under `$defs` what they refer to. Forms are made of them. */
export function requestSchemas(document: { readonly paths?: object; readonly components?: object }): Json {
  const operations: Record<string, unknown> = {};
  const needed = new Set<string>();
  for (const path of Object.values(document.paths ?? {}) as Json[]) {
    for (const operation of Object.values(path)) {
      const body = bodyOf(operation);
      if (body === undefined || !isJson(operation) || typeof operation.operationId !== 'string') continue;
      operations[operation.operationId] = moved(body, needed);
    }
  }
  const { schemas = {} } = (document.components ?? {}) as { schemas?: Record<string, unknown> };
  const definitions: Record<string, unknown> = {};
  // A set grows while it is walked: definitions that others refer to are found as well.
  for (const name of needed) definitions[name] = moved(schemas[name], needed);
  return { operations, $defs: Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => (a < b ? -1 : 1))) };
}
