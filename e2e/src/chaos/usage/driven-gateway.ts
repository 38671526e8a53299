import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { poll } from '../../support/poll.ts';
import { upstreamMark } from '../../support/recording-upstream.ts';
import type { SeededRandom } from '../random.ts';
import { type Answer, CallBook } from './call-book.ts';
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

  /** Starts the data plane; the first time waits until it serves the group’s key, later it knows everything from its disk. */
  async start(): Promise<void> {
    const { linkUrl, enrolToken } = this.#group;
    const port = this.#process === undefined ? '0' : new URL(this.#process.httpUrl).port;
    this.#process = await startGateway({
      linkUrl,
      enrolToken,
      folder: this.#folder,
      env: { GATEWAY_HTTP_PORT: port, USAGE_FLUSH_MS: '100' },
    });
    if (this.#pool !== undefined) return;
    this.#pool = new Pool(this.#process.httpUrl, { connections: callers, headersTimeout: callMs, bodyTimeout: callMs });
    await poll(
      'the gateway knows its group and the key',
      async () => ((await this.#probe()) === 200 ? true : undefined),
      { withinMs: 30_000, everyMs: 50 },
    );
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

  /** Starts it again; traffic waits until it is resumed. */
  async revive(): Promise<void> {
    await this.start();
    this.book.revived();
  }

  resumeTraffic(): void {
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

  /** Until it has its configuration a gateway does not know the host: such an answer is no call. */
  async #probe(): Promise<number> {
    const { path, key } = this.#group;
    const answer = await this.#send({ path, key });
    if (!answer.isUnknownHost) this.book.answered(answer);
    return answer.status;
  }

  async #call(call: { path: string; key: string | undefined }): Promise<void> {
    const begun = performance.now();
    try {
      this.book.answered(await this.#send(call));
    } catch {
      this.book.failedSince(begun);
    }
  }

  async #send({ path, key }: { path: string; key: string | undefined }): Promise<Answer> {
    if (this.#pool === undefined) throw new Error('the gateway was not started');
    const { statusCode, headers, body } = await this.#pool.request({
      method: 'GET',
      path,
      headers: { host: this.#group.host, ...(key === undefined ? {} : { apikey: key }) },
    });
    const text = await body.text();
    return {
      status: statusCode,
      isForwarded: headers[upstreamMark] !== undefined,
      isUnknownHost: text.includes('gateway.host_unknown'),
    };
  }
}
