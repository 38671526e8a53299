import type { Readable } from 'node:stream';
import { linkProtocolHeader, linkProtocolVersion } from '@tollgate/contracts/dataplane';
import { problem } from '@tollgate/contracts/errors';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { LinkRefusal } from './link-refusal.ts';

/** Where the link is and how it is reached. */
export interface LinkAddress {
  readonly url: string;
  readonly proxy: string | undefined;
  readonly noProxy: string;
}

/** With whom to talk, and as whom. */
export interface LinkTrust {
  /** PEM of the only CA that is trusted; null checks nothing, which is for fetching the CA itself alone. */
  readonly root: string | null;
  readonly client?: { readonly certificateChain: string; readonly privateKey: string };
}

const answerTimeoutMs = 15_000;
const maxAnswerBytes = 1024 * 1024;

/** HTTPS to the link with pinned trust, directly or through a proxy. */
export class LinkHttp {
  readonly #origin: string;
  readonly #dispatcher: Dispatcher;

  constructor(address: LinkAddress, { root, client }: LinkTrust) {
    this.#origin = new URL(address.url).origin;
    const tls = {
      rejectUnauthorized: root !== null,
      ...(root === null ? {} : { ca: root }),
      ...(client === undefined ? {} : { cert: client.certificateChain, key: client.privateKey }),
    };
    this.#dispatcher = new EnvHttpProxyAgent({
      httpsProxy: address.proxy ?? '',
      httpProxy: '',
      noProxy: address.noProxy,
      connect: { ...tls, timeout: answerTimeoutMs },
      requestTls: tls,
      connections: 8,
      headersTimeout: answerTimeoutMs,
      bodyTimeout: answerTimeoutMs,
    });
  }

  async get(path: string): Promise<unknown> {
    return readAnswer(await this.#request('GET', path, undefined));
  }

  /** Sends JSON, given as a value or as the exact text. Resolves to the answer's JSON, or null when it has none. */
  async post(path: string, body: string | object): Promise<unknown> {
    return readAnswer(await this.#request('POST', path, body));
  }

  /** Opens a response that goes on until either side ends it; the caller watches for silence. */
  async stream(path: string, body: object, signal: AbortSignal): Promise<Readable> {
    const response = await this.#request('POST', path, body, { signal, bodyTimeout: 0 });
    if (response.statusCode !== 200) await readAnswer(response);
    return response.body;
  }

  /** Cuts every connection. */
  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #request(
    method: 'GET' | 'POST',
    path: string,
    body: string | object | undefined,
    options: { signal?: AbortSignal; bodyTimeout?: number } = {},
  ): Promise<Dispatcher.ResponseData> {
    const content = typeof body === 'object' ? JSON.stringify(body) : body;
    return request(`${this.#origin}${path}`, {
      method,
      dispatcher: this.#dispatcher,
      headers: { [linkProtocolHeader]: String(linkProtocolVersion), 'content-type': 'application/json' },
      ...(content === undefined ? {} : { body: content }),
      ...options,
    });
  }
}

async function readAnswer({ statusCode, body }: Dispatcher.ResponseData): Promise<unknown> {
  const text = await readBounded(body);
  if (statusCode >= 200 && statusCode < 300) return text === '' ? null : JSON.parse(text);
  const parsed = problem.safeParse(jsonOf(text));
  const { code = 'unreadable', detail, title = 'no problem document', errors = [] } = parsed.data ?? {};
  throw new LinkRefusal(
    statusCode,
    code,
    detail ?? title,
    errors.map(({ pointer }) => pointer),
  );
}

async function readBounded(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxAnswerBytes) throw new Error('the answer of the control plane is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
