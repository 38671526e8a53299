import type { MessagePort } from 'node:worker_threads';
import type { TryOutcome } from '@tollgate/contracts/dataplane';
import type { Sequence } from '@tollgate/contracts/gateway';
import type {
  EngineLimits,
  GroupDelta,
  HealthUpdate,
  KeyPair,
  NoiseReason,
  ResourceText,
  SharedPieces,
  SocketChoice,
  StreamKind,
  TryOptions,
  UpstreamOptions,
  WorkerPlace,
} from '@tollgate/engine';
import type { CountedCalls } from '../status/call-tallies.ts';

/** What a worker serves with, besides the configuration. */
export interface ServingOptions {
  readonly sockets: SocketChoice;
  /** Serves groups of many tenants. */
  readonly isShared: boolean;
  readonly allowedPrivateRanges: readonly string[];
  readonly errorDocsUrl: string;
  readonly defaultCertificate: KeyPair;
  /** So that a client may go on with its TLS session at any worker. */
  readonly ticketKeys: Uint8Array;
  /** How often usage is handed over at most, milliseconds. */
  readonly usageEveryMs: number;
  /** Of this worker. */
  readonly limits: Pick<EngineLimits, 'connections' | 'connectionsPerClient' | 'connectionsPerTenant'>;
  /** Addresses and ranges of the proxies that speak the PROXY protocol to the HTTP and HTTPS ports; null: nobody does. */
  readonly proxies: readonly string[] | null;
  /** The same for stream ports over TCP and TLS. */
  readonly streamProxies: readonly string[] | null;
  readonly streamPorts: Readonly<Record<StreamKind, readonly number[]>>;
  readonly upstreams: Pick<UpstreamOptions, 'dns' | 'discovery'>;
}

/** A group as a worker that starts gets it. */
export interface GroupSnapshot {
  readonly groupId: string;
  readonly sequences: Readonly<Record<Sequence, readonly ResourceText[]>>;
  readonly pieces: SharedPieces;
  readonly accessConfirmedAt: number | null;
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly place: WorkerPlace;
  readonly options: ServingOptions;
  /** Taken out by the worker, so that it does not lie there for as long as the thread lives. */
  readonly groups: GroupSnapshot[];
  readonly clockOffsetMs: number;
  /** The nodes that get no calls. */
  readonly health: HealthUpdate;
  /** Where counted calls go; null where nobody collects them. */
  readonly usage: MessagePort | null;
}

/** Where a worker listens. */
export interface ServingAddress {
  readonly host: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly reusePort: boolean;
}

/** From the primary. Those with a number are answered by {@link Done}; changes in their order. */
export type ToWorker =
  | {
      readonly kind: 'apply';
      readonly number: number;
      readonly groupId: string;
      readonly sequence: Sequence;
      readonly delta: GroupDelta;
      readonly pieces: SharedPieces;
    }
  | { readonly kind: 'remove'; readonly number: number; readonly groupId: string }
  | { readonly kind: 'listen'; readonly number: number; readonly address: ServingAddress }
  /** Answered when everything counted before was handed over. */
  | { readonly kind: 'report'; readonly number: number }
  | { readonly kind: 'confirm-access'; readonly at: number }
  | { readonly kind: 'clock-offset'; readonly offsetMs: number }
  /** Verdicts about nodes of upstreams, made by probing or by another worker. */
  | { readonly kind: 'health'; readonly update: HealthUpdate }
  /** Answered by `tried`, whenever that is: a try waits for upstreams. */
  | { readonly kind: 'try'; readonly tryId: string; readonly options: TryOptions }
  | { readonly kind: 'drain'; readonly withinMs: number; readonly idleMs: number };

/** What happened at a worker since its last report, and how it is. */
export interface WorkerReport {
  /** Since the worker started. */
  readonly calls: number;
  readonly connections: number;
  /** How long what is due waits for its turn, 99th percentile of the last seconds, milliseconds. */
  readonly loopDelayP99Ms: number;
  readonly sockets: { readonly kind: 'raw' | 'net'; readonly fallbackReason: string | null };
  readonly noise: readonly (readonly [NoiseReason, number])[];
  readonly failures: number;
}

/** The answer to a message with a number. */
export interface Done {
  readonly kind: 'done';
  readonly number: number;
  /** Why it could not be done; the worker is of no use then. */
  readonly fault?: string;
  /** Where it listens. */
  readonly ports?: { readonly http: number; readonly https: number };
}

/** From a worker. */
export type FromWorker =
  | Done
  /** The snapshot is in force; it may be told to listen. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'report'; readonly report: WorkerReport }
  /** A part of the calls that were not handed over yet. */
  | { readonly kind: 'counted'; readonly counted: CountedCalls }
  /** Verdicts that its calls have led to. */
  | { readonly kind: 'health'; readonly update: HealthUpdate }
  | { readonly kind: 'tried'; readonly tryId: string; readonly outcome: TryOutcome }
  | { readonly kind: 'failure'; readonly stack: string; readonly requestId: string };
