import { exampleBody, exampleText, type OpenApiDocument, type Operation, type RequestDraft } from '@tollgate/ui';

/** A request of the operation, filled with the document's examples; optional parameters wait for a value. */
export function draftOfOperation(document: OpenApiDocument, operation: Operation, basePath: string): RequestDraft {
  const { method, parameters } = operation;
  const pairs = (place: 'query' | 'header') =>
    parameters
      .filter((parameter) => parameter.place === place && (parameter.required || parameter.example !== undefined))
      .map((parameter) => ({ name: parameter.name, value: exampleText(document, parameter) }));
  const body = operation.body && exampleBody(document, operation.body.contents);
  const path = parameters
    .filter(({ place, example }) => place === 'path' && example !== undefined)
    .reduce((filled, parameter) => {
      return filled.replaceAll(`{${parameter.name}}`, encodeURIComponent(exampleText(document, parameter)));
    }, operation.path);
  return {
    method,
    path: `${basePath}${path}`,
    query: pairs('query'),
    headers: [...(body === undefined ? [] : [{ name: 'content-type', value: body.mediaType }]), ...pairs('header')],
    body: body?.text ?? '',
  };
}
