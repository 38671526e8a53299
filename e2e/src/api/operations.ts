/** A JSON Schema as it stands in the OpenAPI document. */
export type Schema = Record<string, unknown>;

/** One operation of the public API. */
export interface Operation {
  id: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** OpenAPI template. */
  path: string;
  access: 'public' | 'authenticated' | 'permission' | 'developer';
  kind: string;
  /** Names in `{}` of the path. */
  pathParameters: readonly string[];
  /** Prefix of the ids that a path parameter takes, by its name. */
  idPrefixes: Readonly<Record<string, string>>;
  permission: string | undefined;
  queryParameters: readonly { name: string; schema: Schema }[];
  body: Schema | undefined;
}

interface RawOperation {
  operationId: string;
  parameters?: { in: string; name: string; schema: Schema }[];
  responses?: Record<string, { content?: Record<string, unknown> }>;
  requestBody?: { content: Record<string, { schema: Schema }> };
  'x-tollgate-access': Operation['access'];
  'x-tollgate-kind': string;
  'x-tollgate-permission'?: string;
}

interface RawDocument {
  paths: Record<string, Record<string, RawOperation>>;
  components: { schemas: Record<string, Schema> };
}

/** The API as the running installation describes itself. */
export interface ApiDescription {
  operations: readonly Operation[];
  /** `#/components/schemas`. */
  schemas: Record<string, Schema>;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

function idPrefixesOf(operation: RawOperation): Record<string, string> {
  return Object.fromEntries(
    (operation.parameters ?? []).flatMap(({ name, schema }) => {
      const prefix = /^\^([a-z]+)_\[/.exec(typeof schema['pattern'] === 'string' ? schema['pattern'] : '')?.[1];
      return prefix === undefined ? [] : [[name, prefix]];
    }),
  );
}

/** Fetches the OpenAPI document from the console. */
export async function readApi(consoleUrl: string): Promise<ApiDescription> {
  const response = await fetch(new URL('/api/openapi.json', consoleUrl));
  const document = (await response.json()) as RawDocument;
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method): Operation[] => {
      const raw = item[method];
      // A stream has no end that a suite could wait for.
      if (raw === undefined || Object.hasOwn(raw.responses?.['200']?.content ?? {}, 'text/event-stream')) return [];
      return [
        {
          id: raw.operationId,
          method: method.toUpperCase() as Operation['method'],
          path,
          access: raw['x-tollgate-access'],
          kind: raw['x-tollgate-kind'],
          permission: raw['x-tollgate-permission'],
          idPrefixes: idPrefixesOf(raw),
          pathParameters: [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1] ?? ''),
          queryParameters: (raw.parameters ?? []).filter((entry) => entry.in === 'query'),
          body: raw.requestBody?.content['application/json']?.schema,
        },
      ];
    }),
  );
  return { operations, schemas: document.components.schemas };
}

/** The path of an operation with its parameters filled in. */
export function fillPath(path: string, parameters: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{([^}]+)\}/g, (_match, name: string) => encodeURIComponent(parameters[name] ?? ''));
}
