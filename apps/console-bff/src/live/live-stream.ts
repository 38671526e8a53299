import type { ServerResponse } from 'node:http';
import type { Permission } from '@tollgate/contracts/auth';
import { type LiveChange, liveTopicPermissions } from '@tollgate/contracts/rest/console';
import type { LiveListener } from './live-hub.ts';

/** Bytes that may wait for a reader; whoever is slower is cut off and comes back. */
const maxWaitingBytes = 64 * 1024;
const retryMs = 2000;

const headers = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-store, no-transform',
  'x-accel-buffering': 'no',
} as const;

/** One answer of server-sent events. */
export class LiveStream implements LiveListener {
  readonly #response: ServerResponse;
  #permissions: ReadonlySet<Permission>;
  #isOpen = false;

  constructor(response: ServerResponse, permissions: readonly Permission[]) {
    this.#response = response;
    this.#permissions = new Set(permissions);
  }

  open(requestId: string): void {
    this.#isOpen = true;
    this.#response.writeHead(200, { ...headers, 'x-request-id': requestId });
    this.#write(`retry: ${retryMs}\n: listening\n\n`);
  }

  /** From now on only what these permissions show is told. */
  allow(permissions: readonly Permission[]): void {
    this.#permissions = new Set(permissions);
  }

  changed(changes: readonly LiveChange[]): void {
    const shown = changes.filter(({ topic }) => this.#permissions.has(liveTopicPermissions[topic]));
    if (shown.length > 0) this.#write(shown.map((change) => event('changed', change)).join(''));
  }

  resync(): void {
    this.#write(event('resync', {}));
  }

  ping(): void {
    this.#write(': ping\n\n');
  }

  end(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#response.end();
  }

  #write(text: string): void {
    if (!this.#isOpen) return;
    this.#response.write(text);
    if (this.#response.writableLength <= maxWaitingBytes) return;
    this.#isOpen = false;
    this.#response.destroy();
  }
}

const event = (name: string, data: object): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
