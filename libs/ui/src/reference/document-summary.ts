import { isFields, type OpenApiDocument, textOf } from './openapi-document.ts';
import { type Operation, readOperations } from './operations.ts';

/** What a reference will say of a document before its operations. */
export interface DocumentSummary {
  readonly document: OpenApiDocument;
  readonly title: string;
  /** The author’s version of the API. */
  readonly version: string;
  /** Version of OpenAPI. */
  readonly openapi: string;
  readonly operations: readonly Operation[];
}

/** Sums up what was read; undefined for what is no OpenAPI document. */
export function summaryOf(value: unknown): DocumentSummary | undefined {
  if (!isFields(value) || typeof value.openapi !== 'string') return undefined;
  const document = value as OpenApiDocument;
  const info = isFields(document.info) ? document.info : {};
  return {
    document,
    title: textOf(info.title),
    version: textOf(info.version),
    openapi: document.openapi,
    operations: readOperations(document),
  };
}
