import { noRoute } from '@tollgate/contracts/dataplane';
import type { ErrorDefinition } from '@tollgate/contracts/errors';
import { Lane, type LaneName, type LaneSource } from '../account/lane.ts';
import { KnownCaller } from '../compile/access-index.ts';
import type { CompiledRoute } from '../compile/compiled-route.ts';
import type { Program } from '../compile/program.ts';
import type { Match } from '../matching/router.ts';
import type { Call, Caller, RejectOptions, RouteIdentity, UpstreamRequest, Verdict } from '../policy/call.ts';
import type { Pipeline } from '../policy/pipeline.ts';
import type { RequestFields } from '../http1/request-fields.ts';
import type { RequestIds } from '../http1/request-ids.ts';
import { writeAscii } from '../http1/write.ts';
import type { QuotaCall } from '../quota/quota-hold.ts';
import type { TlsFacts } from './client-certificate.ts';
import type { HeaderList } from './header-list.ts';
import { readVariable } from './variables.ts';

/** The fixed facts of a call, known once its head has been checked. */
export interface CallFacts {
  readonly block: RequestFields;
  readonly program: Program;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Normalised, percent-encoded. */
  readonly path: string;
  readonly query: string;
  /** As it stood in the request line. */
  readonly rawTarget: string;
  readonly clientAddress: string;
  readonly localPort: number;
  /** Null over plain TCP. */
  readonly tls: TlsFacts | null;
  /** The request has passed too many gateways of ours. */
  readonly isLooping: boolean;
  /** When the head had come, milliseconds since the epoch. */
  readonly arrivedAt: number;
  /** For calls whose client has given no id. */
  readonly requestIds: RequestIds;
}

/** A call: what policies see, and what the engine notes while it works on it. What few calls need is made when it is asked for. */
export class CallState implements Call, QuotaCall, LaneSource {
  readonly program: Program;
  readonly block: RequestFields;
  readonly method: string;
  readonly scheme: 'http' | 'https';
  readonly path: string;
  readonly query: string;
  readonly rawTarget: string;
  readonly clientAddress: string;
  readonly localPort: number;
  readonly isLooping: boolean;
  readonly tls: TlsFacts | null;
  match: Match<CompiledRoute> | null = null;
  /** The policies in force: those of the route and, once it is known, of the caller. */
  pipeline: Pipeline | null = null;
  quota: QuotaCall['quota'] = null;
  caller: Caller | null = null;
  /** What policies have changed about the request; null while nobody has looked. */
  changedRequest: ChangedRequest | null = null;
  /** What policies have added to the answer; null while they have not. */
  addedHeaders: HeaderList | null = null;
  readonly arrivedAt: number;
  readonly #requestIds: RequestIds;
  #requestId: string | null;
  /** Of an id of ours; −1 while nobody has asked for it. */
  #requestNumber = -1;
  #lane: Lane | null = null;
  #queryParameters: URLSearchParams | undefined;

  constructor(facts: CallFacts) {
    this.program = facts.program;
    this.block = facts.block;
    this.method = facts.method;
    this.scheme = facts.scheme;
    this.path = facts.path;
    this.query = facts.query;
    this.rawTarget = facts.rawTarget;
    this.clientAddress = facts.clientAddress;
    this.localPort = facts.localPort;
    this.tls = facts.tls;
    this.isLooping = facts.isLooping;
    this.arrivedAt = facts.arrivedAt;
    this.#requestIds = facts.requestIds;
    this.#requestId = facts.block.requestId;
  }

  get requestId(): string {
    return (this.#requestId ??= this.#requestIds.textOf(this.#ownNumber()));
  }

  /** Writes the request id. @returns the offset behind it. */
  writeRequestId(target: Buffer, offset: number): number {
    if (this.#requestId !== null) return writeAscii(target, offset, this.#requestId);
    return this.#requestIds.write(target, offset, this.#ownNumber());
  }

  get lane(): Lane {
    return (this.#lane ??= this.#findLane());
  }

  get groupId(): string {
    return this.program.groupId;
  }

  get consumerId(): string | undefined {
    return this.caller?.consumerId;
  }

  get host(): string {
    return this.block.host;
  }

  get route(): RouteIdentity | null {
    return this.match === null ? null : this.match.route.identity;
  }

  /** Path with the query string, as it goes out unless a policy changes it. */
  get target(): string {
    // What came is used again where nothing had to be normalised: it costs nothing, and an empty query stays.
    if (this.rawTarget === this.path) return this.path;
    if (this.rawTarget.startsWith(this.path)) {
      const rest = this.rawTarget.length - this.path.length;
      if (rest === 0 || rest === this.query.length + 1) return this.rawTarget;
    }
    return this.query === '' ? this.path : `${this.path}?${this.query}`;
  }

  get upstreamRequest(): UpstreamRequest {
    return (this.changedRequest ??= new ChangedRequest(this));
  }

  get responseHeaders(): HeaderList {
    return (this.addedHeaders ??= this.block.newAnswerHeaders());
  }

  header(name: string): string | undefined {
    return this.block.header(name);
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

  laneName(): LaneName {
    const { caller, match, program } = this;
    return {
      groupId: program.groupId,
      tenantId: program.settings.tenantId,
      routeId: match === null ? noRoute : match.route.id,
      consumer: caller === null ? null : caller.consumerId,
    };
  }

  #findLane(): Lane {
    const { caller, match, program } = this;
    if (caller === null && match !== null) return (match.route.lane ??= new Lane(this.laneName()));
    if (caller === null) return program.access.lanes.of(program.access, this);
    const owner = match === null ? program.access : match.route;
    return caller instanceof KnownCaller ? caller.lanes.of(owner, this) : new Lane(this.laneName());
  }

  #ownNumber(): number {
    if (this.#requestNumber < 0) this.#requestNumber = this.#requestIds.next();
    return this.#requestNumber;
  }

  authenticate(caller: Caller): void {
    this.caller ??= caller;
    this.#lane = null;
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

/** A request as policies may change it; its headers become a list when one of them looks at them. */
export class ChangedRequest implements UpstreamRequest {
  method: string;
  target: string;
  host: string | null = null;
  body: Buffer | null = null;
  /** Null while no policy has asked for the headers: then they go out as they came. */
  list: HeaderList | null = null;
  readonly #call: CallState;

  constructor(call: CallState) {
    this.#call = call;
    this.method = call.method;
    this.target = call.target;
  }

  get headers(): HeaderList {
    return (this.list ??= this.#call.block.toList());
  }
}
