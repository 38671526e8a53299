import { type Fields, fieldsOf, follow, isFields, type OpenApiDocument, textOf } from './openapi-document.ts';

const methods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace'] as const;

/** A value that a call carries in its path, query, headers or cookies. */
export interface Parameter {
  readonly name: string;
  readonly place: 'path' | 'query' | 'header' | 'cookie';
  readonly required: boolean;
  readonly deprecated: boolean;
  readonly description: string;
  readonly schema: unknown;
  readonly example: unknown;
}

/** One form of a body. */
export interface Content {
  readonly mediaType: string;
  readonly schema: unknown;
  /** Undefined when the author gave none. */
  readonly example: unknown;
}

/** What a call may be answered. */
export interface Answer {
  readonly status: string;
  readonly description: string;
  readonly headers: readonly { readonly name: string; readonly description: string; readonly schema: unknown }[];
  readonly contents: readonly Content[];
}

/** One thing that an API does. */
export interface Operation {
  /** Its `operationId`, else method and path; unique in the document. */
  readonly key: string;
  readonly method: string;
  readonly path: string;
  readonly title: string;
  readonly description: string;
  readonly deprecated: boolean;
  readonly tag: string;
  readonly parameters: readonly Parameter[];
  readonly body:
    { readonly required: boolean; readonly description: string; readonly contents: readonly Content[] } | undefined;
  readonly answers: readonly Answer[];
}

/** Operations that belong together; one without a name holds those without a tag. */
export interface OperationGroup {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly Operation[];
}

/** Every operation of a document, in its order. What cannot be read is left out; nothing is thrown. */
export function readOperations(document: OpenApiDocument): Operation[] {
  const seen = new Set<string>();
  return Object.entries(isFields(document.paths) ? document.paths : {}).flatMap(([path, value]) => {
    const item = follow(document, value);
    if (item === undefined) return [];
    return methods.flatMap((method) => {
      const written = item[method];
      if (!isFields(written)) return [];
      const named = textOf(written.operationId);
      const key = named === '' || seen.has(named) ? `${method} ${path}` : named;
      seen.add(key);
      return [readOperation(document, { key, method: method.toUpperCase(), path, item, written })];
    });
  });
}

/** Operations by their first tag, in the order of the document's tags. */
export function groupOperations(document: OpenApiDocument, operations: readonly Operation[]): OperationGroup[] {
  const declared = fieldsOf(document.tags).map(({ name, description }) => ({
    name: textOf(name),
    description: textOf(description),
  }));
  const others = operations
    .map(({ tag }) => tag)
    .filter((tag) => !declared.some(({ name }) => name === tag))
    .map((name) => ({ name, description: '' }));
  const groups = new Map([...declared, ...others].map((group) => [group.name, group]));
  return [...groups.values()]
    .map((group) => ({ ...group, operations: operations.filter(({ tag }) => tag === group.name) }))
    .filter((group) => group.operations.length > 0);
}

function readOperation(
  document: OpenApiDocument,
  source: { key: string; method: string; path: string; item: Fields; written: Fields },
): Operation {
  const { key, method, path, item, written } = source;
  const body = follow(document, written.requestBody);
  const summary = textOf(written.summary);
  return {
    key,
    method,
    path,
    title: summary === '' ? `${method} ${path}` : summary,
    description: textOf(written.description),
    deprecated: written.deprecated === true,
    tag: Array.isArray(written.tags) ? textOf(written.tags[0]) : '',
    parameters: readParameters(document, item.parameters, written.parameters),
    body:
      body === undefined
        ? undefined
        : {
            required: body.required === true,
            description: textOf(body.description),
            contents: readContents(document, body.content),
          },
    answers: Object.entries(isFields(written.responses) ? written.responses : {}).map(([status, value]) =>
      readAnswer(document, status, value),
    ),
  };
}

/** An operation's own parameters take the place of those of its path. */
function readParameters(document: OpenApiDocument, ofPath: unknown, own: unknown): Parameter[] {
  const byPlace = new Map<string, Parameter>();
  for (const value of [ofPath, own].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : []))) {
    const parameter = follow(document, value);
    const place = parameter?.in;
    if (parameter === undefined || typeof parameter.name !== 'string') continue;
    if (place !== 'path' && place !== 'query' && place !== 'header' && place !== 'cookie') continue;
    const [content] = readContents(document, parameter.content);
    byPlace.set(`${place} ${parameter.name}`, {
      name: parameter.name,
      place,
      required: place === 'path' || parameter.required === true,
      deprecated: parameter.deprecated === true,
      description: textOf(parameter.description),
      schema: parameter.schema ?? content?.schema,
      example: givenExample(document, parameter) ?? content?.example,
    });
  }
  return [...byPlace.values()];
}

function readAnswer(document: OpenApiDocument, status: string, value: unknown): Answer {
  const answer = follow(document, value);
  return {
    status,
    description: textOf(answer?.description),
    headers: Object.entries(isFields(answer?.headers) ? answer.headers : {}).map(([name, header]) => {
      const written = follow(document, header);
      return { name, description: textOf(written?.description), schema: written?.schema };
    }),
    contents: readContents(document, answer?.content),
  };
}

function readContents(document: OpenApiDocument, content: unknown): Content[] {
  return Object.entries(isFields(content) ? content : {}).map(([mediaType, value]) => {
    const written = follow(document, value);
    return {
      mediaType,
      schema: written?.schema,
      example: written === undefined ? undefined : givenExample(document, written),
    };
  });
}

/** What the author gave as `example`, or as the first of `examples`. */
function givenExample(document: OpenApiDocument, { example, examples }: Fields): unknown {
  if (example !== undefined) return example;
  const [first] = Object.values(isFields(examples) ? examples : {});
  return follow(document, first)?.value;
}
