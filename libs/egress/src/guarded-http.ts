import { isIP } from 'node:net';
import { Agent, request } from 'undici';
import { type AddressPolicy, isAllowed } from './address-policy.ts';
import { EgressRefusedError } from './egress-refused-error.ts';
import { guardedLookup } from './guarded-lookup.ts';

/** Bounds of one guarded request. */
export interface GuardedRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Whole request including redirects, milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Largest answer that is read, bytes. Default 1 MiB. */
  readonly maxBytes?: number;
  /** Redirects followed at most, each checked like the first address; GET and HEAD only. Default 0: they are answers. */
  readonly maxRedirects?: number;
}

/** An answer, read completely. */
export interface GuardedResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** Where the answer came from, after redirects. */
  readonly url: string;
}

/** The answer is larger than was asked for. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError';
  readonly code = 'EGRESS_ANSWER_TOO_LARGE';

  constructor(readonly maxBytes: number) {
    super(`the answer is larger than ${maxBytes} bytes`);
  }
}

const defaults = { method: 'GET', timeoutMs: 10_000, maxBytes: 1024 * 1024, maxRedirects: 0 } as const;
const redirects = new Set([301, 302, 303, 307, 308]);

/** An HTTP client for addresses that tenants choose: resolves, refuses what is not allowed, connects to what it checked. */
export class GuardedHttp {
  readonly #agent: Agent;

  constructor(private readonly policy: AddressPolicy) {
    this.#agent = new Agent({ connect: { lookup: guardedLookup(policy) }, connections: 16, pipelining: 1 });
  }

  /**
   * @throws EgressRefusedError for another scheme than http and https, for credentials in the address, and for what the policy refuses.
   * @throws AnswerTooLargeError
   */
  async fetch(address: string, options: GuardedRequest = {}): Promise<GuardedResponse> {
    const { timeoutMs, maxRedirects } = { ...defaults, ...options };
    const signal = AbortSignal.timeout(timeoutMs);
    let url = this.#check(address);
    for (let followed = 0; ; followed++) {
      const response = await this.#send(url, options, signal);
      const location = response.headers['location'];
      const isFollowed = redirects.has(response.status) && followed < maxRedirects && isRepeatable(options);
      if (!isFollowed || typeof location !== 'string') return response;
      url = this.#check(new URL(location, url).href);
    }
  }

  /** Closes idle connections; requests in flight finish. */
  async close(): Promise<void> {
    await this.#agent.close();
  }

  /** Literal addresses are never looked up, so they are checked here; names are when they are. */
  #check(address: string): URL {
    const url = URL.parse(address);
    if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') {
      throw new EgressRefusedError('This');
    }
    const host = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isAllowed(host, this.policy)) throw new EgressRefusedError(url.hostname);
    return url;
  }

  async #send(url: URL, options: GuardedRequest, signal: AbortSignal): Promise<GuardedResponse> {
    const { method, maxBytes } = { ...defaults, ...options };
    const { statusCode, headers, body } = await request(url, {
      dispatcher: this.#agent,
      method,
      headers: { ...options.headers },
      body: options.body ?? null,
      signal,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of body) {
      size += (chunk as Buffer).length;
      if (size > maxBytes) throw new AnswerTooLargeError(maxBytes);
      chunks.push(chunk as Buffer);
    }
    return { status: statusCode, headers, body: Buffer.concat(chunks), url: url.href };
  }
}

function isRepeatable({ method = defaults.method }: GuardedRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}
