import type { Operation } from './operations.ts';

/** What a test sends for an operation. */
export interface ApiRequest {
  operation: Operation;
  /** Path with parameters filled in, query included. */
  target: string;
  token?: string;
  /** Sent as it is when it is a string, else as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
}

/** What came back. */
export interface ApiAnswer {
  status: number;
  contentType: string;
  text: string;
}

/** How long an endpoint may take before it counts as hanging, in milliseconds. */
export const hangMs = 10_000;

/** Sends a request; rejects when there is no answer in time. Updates carry an If-Match unless the headers say otherwise. */
export async function send(baseUrl: string, request: ApiRequest): Promise<ApiAnswer> {
  const { operation, body } = request;
  const response = await fetch(new URL(request.target, baseUrl), {
    method: operation.method,
    headers: {
      ...(request.token === undefined ? {} : { authorization: `Bearer ${request.token}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(operation.kind === 'update' || operation.kind === 'delete' ? { 'if-match': '"1"' } : {}),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(hangMs),
  });
  return {
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    text: await response.text(),
  };
}
