import type { SampleCall } from './code-sample.ts';
import { exampleOf } from './example-of.ts';
import { fieldsOf, isFields, type OpenApiDocument, textOf } from './openapi-document.ts';
import type { Content, Operation } from './operations.ts';

/** The header that a gateway looks for a key in unless the document says otherwise. */
const defaultKeyField = 'apikey';

/** Where a product is called, as the gateway groups that serve it say. */
export interface CalledAt {
  readonly hosts: readonly string[];
  /** URLs; empty: not known. */
  readonly addresses: readonly string[];
}

/**
 * Where calls go: the document's first server where that is a gateway, else the gateway's address with the path of that server.
 * Documents often name the API behind the gateway. Undefined when nobody says.
 */
export function serverOf(document: OpenApiDocument | undefined, { hosts, addresses }: CalledAt): string | undefined {
  const [server] = fieldsOf(document?.servers);
  const url = textOf(server?.url)
    .replaceAll(/\{([^}]+)\}/gu, (_all, name: string) => {
      const variables = isFields(server?.variables) ? server.variables : {};
      const variable = variables[name];
      return isFields(variable) ? textOf(variable.default) : '';
    })
    .replace(/\/+$/u, '');
  const own = /^https?:\/\//iu.test(url) && URL.canParse(url) ? new URL(url) : undefined;
  const [address] = addresses;
  if (own !== undefined && (address === undefined || hosts.includes(own.hostname))) return url;
  const path = own === undefined ? url : own.pathname.replace(/\/+$/u, '');
  if (address !== undefined) return `${address.replace(/\/+$/u, '')}${path}`;
  const [host] = hosts;
  return host === undefined ? undefined : `https://${host}${path}`;
}

/** Name of the header that carries the key: the document's first scheme of that kind, else the gateway's default. */
export function keyFieldOf(document: OpenApiDocument): string {
  const components = isFields(document.components) ? document.components : {};
  const schemes = isFields(components.securitySchemes) ? components.securitySchemes : {};
  const scheme = Object.values(schemes)
    .filter(isFields)
    .find((one) => one.type === 'apiKey' && one.in === 'header');
  return textOf(scheme?.name) || defaultKeyField;
}

/** The body that an example call carries, and its type; JSON where there is a choice. */
export function exampleBody(
  document: OpenApiDocument,
  contents: readonly Content[],
): { mediaType: string; text: string } | undefined {
  const content = contents.find(({ mediaType }) => /\bjson\b/u.test(mediaType)) ?? contents[0];
  if (content === undefined) return undefined;
  const value = content.example ?? exampleOf(document, content.schema);
  return { mediaType: content.mediaType, text: typeof value === 'string' ? value : JSON.stringify(value, null, 2) };
}

/** Example of a parameter as text. */
export function exampleText(document: OpenApiDocument, parameter: { example: unknown; schema: unknown }): string {
  const value = parameter.example ?? exampleOf(document, parameter.schema);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A call of the operation with example values for all that it must have, and a placeholder for the key. */
export function exampleCall(
  document: OpenApiDocument,
  operation: Operation,
  { server, key }: { server: string; key: string },
): SampleCall {
  const needed = operation.parameters.filter(({ required }) => required);
  const valueOf = (parameter: (typeof needed)[number]): string =>
    parameter.place === 'path' && parameter.example === undefined
      ? `{${parameter.name}}`
      : exampleText(document, parameter);
  const path = needed
    .filter(({ place }) => place === 'path')
    .reduce(
      (filled, parameter) => filled.replaceAll(`{${parameter.name}}`, encodePart(valueOf(parameter))),
      operation.path,
    );
  const query = needed
    .filter(({ place }) => place === 'query')
    .map((parameter) => `${encodeURIComponent(parameter.name)}=${encodeURIComponent(valueOf(parameter))}`);
  const body = operation.body && exampleBody(document, operation.body.contents);
  return {
    method: operation.method,
    url: `${server}${path}${query.length === 0 ? '' : `?${query.join('&')}`}`,
    headers: [
      { name: keyFieldOf(document), value: key },
      ...(body === undefined ? [] : [{ name: 'content-type', value: body.mediaType }]),
      ...needed
        .filter(({ place }) => place === 'header')
        .map((parameter) => ({ name: parameter.name, value: valueOf(parameter) })),
    ],
    body: body?.text,
  };
}

/** A placeholder stays readable. */
function encodePart(text: string): string {
  return /^\{[^}]*\}$/u.test(text) ? text : encodeURIComponent(text);
}
