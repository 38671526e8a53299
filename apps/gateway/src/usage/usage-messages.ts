import type { MessagePort } from 'node:worker_threads';
import type { UsageRow } from '@tollgate/contracts/dataplane';

/** What the thread that keeps usage is started with. Times in milliseconds. */
export interface UsageStart {
  readonly path: string;
  readonly maxBytes: number;
  /** Where rows go that the control plane will never take. */
  readonly rejectedPath: string;
  readonly flushMs: number;
  readonly shipMs: number;
}

/** How much usage there is to send. */
export interface UsageState {
  readonly pendingRows: number;
  readonly walBytes: number;
}

/** An answer of the control plane that is no success, as it crosses threads. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly pointers: readonly string[];
}

/** What became of a post. */
export type Posted =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'refused'; readonly refusal: Refusal }
  | { readonly outcome: 'failed'; readonly cause: unknown };

/** From the primary to the thread that keeps usage. */
export type ToUsageThread =
  /** A worker will hand over its rows on this port. */
  | { readonly kind: 'worker'; readonly workerId: number; readonly port: MessagePort }
  /** There is a link now. */
  | { readonly kind: 'ship' }
  | { readonly kind: 'posted'; readonly number: number; readonly posted: Posted }
  | { readonly kind: 'report'; readonly number: number }
  /** Everything that workers have posted is written, sent once more, and the thread ends. */
  | { readonly kind: 'stop'; readonly shipWithinMs: number };

/** From the thread that keeps usage to the primary, in the order in which it happened. */
export type FromUsageThread =
  | { readonly kind: 'open'; readonly epoch: string; readonly state: UsageState }
  | { readonly kind: 'state'; readonly state: UsageState; readonly number: number | null }
  /** A worker has handed over billable calls of consumers. */
  | { readonly kind: 'received'; readonly workerId: number; readonly rows: readonly UsageRow[] }
  | { readonly kind: 'sealed'; readonly sequence: number; readonly rows: readonly UsageRow[] }
  | { readonly kind: 'unsealed'; readonly sequence: number; readonly rows: readonly UsageRow[] }
  | { readonly kind: 'post'; readonly number: number; readonly path: string; readonly body: string }
  | { readonly kind: 'log'; readonly level: 'warn' | 'error'; readonly fields: object; readonly message: string };
