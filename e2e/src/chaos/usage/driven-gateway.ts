import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { upstreamMark } from '../../support/recording-upstream.ts';
import type { SeededRandom } from '../random.ts';
import { CallBook } from './call-book.ts';
import type { SoldGroup } from './sold-group.ts';

const callers = 4;
const longestPauseMs = 20;
const callMs = 10_000;

/** A data plane of its own under steady traffic, which can be killed and started again. */
export class DrivenGateway {
  readonly book = new CallBook();
  readonly #group: SoldGroup;
  readonly #folder: string;
  readonly #random: SeededRandom;
  readonly #stopping = new AbortController();
  #process: GatewayProcess | undefined;
  #pool: Pool | undefined;
  #running: Promise<unknown> = Promise.resolve();
  #revival: PromiseWithResolvers<void> | undefined;

  constructor(group: SoldGroup, folder: string, random: SeededRandom) {
    this.#group = group;
    this.#folder = folder;
    this.#random = random;
  }

  /** Starts the data plane and waits until it serves the group’s key. */
  async start(): Promise<void> {
    const { linkUrl, enrolToken } = this.#group;
    const port = this.#process === undefined ? '0' : new URL(this.#process.httpUrl).port;
    this.#process = await startGateway({
      linkUrl,
      enrolToken,
      folder: this.#folder,
      env: { GATEWAY_HTTP_PORT: port, USAGE_FLUSH_MS: '100' },
    });
    this.#pool ??= new Pool(this.#process.httpUrl, {
      connections: callers,
      headersTimeout: callMs,
      bodyTimeout: callMs,
    });
  }

  /** Calls with a key, without one and beside every route, until it is stopped. */
  drive(): void {
    this.#running = Promise.all(Array.from({ length: callers }, () => this.#callOn()));
  }

  async kill(): Promise<void> {
    this.#revival = Promise.withResolvers();
    this.book.died();
    await this.#process?.kill();
  }

  async revive(): Promise<void> {
    await this.start();
    this.book.revived();
    this.#revival?.resolve();
    this.#revival = undefined;
  }

  /** Ends the traffic; every call under way is answered. */
  async stopTraffic(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async stop(): Promise<void> {
    await this.stopTraffic();
    await this.#pool?.close();
    await this.#process?.stop();
  }

  async #callOn(): Promise<void> {
    const { key, path } = this.#group;
    const kinds = [
      { path, key },
      { path, key },
      { path, key },
      { path, key: undefined },
      { path: '/beside-every-route', key },
    ];
    while (!this.#stopping.signal.aborted) {
      await this.#revival?.promise;
      await this.#call(kinds[this.#random.between(0, kinds.length - 1)] ?? { path, key });
      await delay(this.#random.between(0, longestPauseMs));
    }
  }

  async #call(call: { path: string; key: string | undefined }): Promise<void> {
    const begun = performance.now();
    try {
      const answer = await this.#pool?.request({
        method: 'GET',
        path: call.path,
        headers: { host: this.#group.host, ...(call.key === undefined ? {} : { apikey: call.key }) },
      });
      if (answer === undefined) return;
      await answer.body.dump();
      this.book.answered(answer.statusCode, answer.headers[upstreamMark] !== undefined);
    } catch {
      this.book.failedSince(begun);
    }
  }
}
