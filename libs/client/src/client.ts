import createClient, { type Client, type Middleware } from 'openapi-fetch';
import type { paths } from './openapi.generated.ts';
import { TollgateError } from './tollgate-error.ts';

/** How to reach an installation. */
export interface ClientOptions {
  /** Address of the console or of the portal, e.g. `http://localhost:8080`. */
  baseUrl: string;
  /** Session or access token, or a function that gives the present one; without it only public endpoints answer. */
  token?: string | (() => string | undefined);
  /** Milliseconds that a request may take; default 30,000. */
  timeoutMs?: number;
  /** Sent as User-Agent. */
  userAgent?: string;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
}

/** The whole public REST API, typed by the OpenAPI document. */
export type TollgateClient = Client<paths>;

/**
 * Makes a client. Every method resolves with `data` on success and throws {@link TollgateError} otherwise, so callers need not look at
 * `error`.
 */
export function createTollgateClient(options: ClientOptions): TollgateClient {
  const client = createClient<paths>({ baseUrl: options.baseUrl, headers: options.headers });
  client.use(sendCredentials(options), throwProblems);
  return client;
}

function sendCredentials(options: ClientOptions): Middleware {
  return {
    onRequest({ request }) {
      const token = typeof options.token === 'function' ? options.token() : options.token;
      if (token !== undefined && !request.headers.has('authorization'))
        request.headers.set('authorization', `Bearer ${token}`);
      if (options.userAgent !== undefined) request.headers.set('user-agent', options.userAgent);
      const timeout = AbortSignal.timeout(options.timeoutMs ?? 30_000);
      return new Request(request, { signal: AbortSignal.any([request.signal, timeout]) });
    },
  };
}

const throwProblems: Middleware = {
  async onResponse({ response }) {
    if (!response.ok) throw await TollgateError.from(response);
  },
};
