import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { ErrorDefinition } from '@tollgate/contracts/errors';
import type { CompiledRoute } from '../compile/compiled-route.ts';
import type { Program } from '../compile/program.ts';
import type { Match } from '../matching/router.ts';
import type { Call, Caller, RejectOptions, RouteIdentity, UpstreamRequest, Verdict } from '../policy/call.ts';
import type { Pipeline } from '../policy/pipeline.ts';
import type { QuotaCall } from '../quota/quota-hold.ts';
import { HeaderList } from './header-list.ts';
import { readVariable } from './variables.ts';

/** The fixed facts of a call, known once its head has been checked. */
export interface CallFacts {
  readonly request: IncomingMessage;
  readonly headers: HeaderList;
  readonly program: Program;
  readonly requestId: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  /** Normalised, percent-encoded. */
  readonly path: string;
  readonly query: string;
  readonly clientAddress: string;
  readonly localPort: number;
}

/** A call over HTTP/1: what policies see, and what the engine notes while it works on it. */
export class HttpCall implements Call, QuotaCall {
  readonly program: Program;
  readonly requestId: string;
  readonly groupId: string;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly host: string;
  readonly path: string;
  readonly query: string;
  readonly clientAddress: string;
  readonly localPort: number;
  readonly rawTarget: string;
  readonly upstreamRequest: UpstreamRequest;
  readonly responseHeaders = new HeaderList();
  match: Match<CompiledRoute> | null = null;
  /** The policies in force: those of the route and, once it is known, of the caller. */
  pipeline: Pipeline | null = null;
  quota: QuotaCall['quota'] = null;
  #caller: Caller | null = null;
  #queryParameters: URLSearchParams | undefined;
  readonly #headers: HeaderList;

  constructor(facts: CallFacts) {
    this.program = facts.program;
    this.requestId = facts.requestId;
    this.groupId = facts.program.groupId;
    this.method = facts.request.method ?? 'GET';
    this.scheme = facts.scheme;
    this.host = facts.host;
    this.path = facts.path;
    this.query = facts.query;
    this.clientAddress = facts.clientAddress;
    this.localPort = facts.localPort;
    this.rawTarget = facts.request.url ?? '';
    this.#headers = facts.headers;
    this.upstreamRequest = {
      method: this.method,
      target: facts.query === '' ? facts.path : `${facts.path}?${facts.query}`,
      host: null,
      headers: new HeaderList(facts.headers.toFlatList()),
    };
  }

  get route(): RouteIdentity | null {
    return this.match?.route.identity ?? null;
  }

  get caller(): Caller | null {
    return this.#caller;
  }

  header(name: string): string | undefined {
    const values = this.#headers.getAll(name);
    return values.length === 0 ? undefined : values.join(name.toLowerCase() === 'cookie' ? '; ' : ', ');
  }

  queryParameter(name: string): string | undefined {
    if (this.query === '') return undefined;
    this.#queryParameters ??= new URLSearchParams(this.query);
    return this.#queryParameters.get(name) ?? undefined;
  }

  cookie(name: string): string | undefined {
    for (const pair of this.header('cookie')?.split(';') ?? []) {
      const separator = pair.indexOf('=');
      if (separator > 0 && pair.slice(0, separator).trim() === name) return pair.slice(separator + 1).trim();
    }
    return undefined;
  }

  variable(name: string): string | undefined {
    return readVariable(this, name);
  }

  authenticate(caller: Caller): void {
    this.#caller ??= caller;
  }

  reject(
    error: ErrorDefinition,
    detail = error.title,
    { status = error.status, apisixBody }: RejectOptions = {},
  ): Verdict {
    return { kind: 'reject', error, detail, status, apisixBody: apisixBody ?? { message: detail } };
  }

  respond(answer: Parameters<Call['respond']>[0]): Verdict {
    const { status, headers = [], body = '', billable = false } = answer;
    return { kind: 'respond', status, headers, body, billable };
  }
}

/** The client's request id when it is one that can be logged and passed on, else a new one. */
export function chooseRequestId(claimed: string | undefined): string {
  return claimed !== undefined && /^[\x21-\x7e]{1,128}$/.test(claimed) ? claimed : randomUUID();
}
