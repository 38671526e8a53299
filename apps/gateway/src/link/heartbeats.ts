import { type Heartbeat, heartbeatResponse, linkPaths, linkTiming } from '@tollgate/contracts/dataplane';
import type { Logger } from 'pino';

/** A tenth earlier or later, so that a fleet does not beat as one. */
const jitter = 0.1;

/** What heartbeats work with. */
export interface HeartbeatOptions {
  readonly post: (path: string, body: object) => Promise<unknown>;
  readonly describe: () => Heartbeat;
  /** Milliseconds to add to the local clock to get the control plane's. */
  readonly onClockOffset: (offsetMs: number) => void;
  readonly logger: Logger;
}

/** Tells the control plane how this data plane is, at the pace that it asks for, and measures the clock's offset. */
export class Heartbeats {
  #timer: NodeJS.Timeout | undefined;
  #intervalMs: number = linkTiming.heartbeatIntervalMs;
  #isStopped = false;

  constructor(private readonly options: HeartbeatOptions) {}

  /** Sends the first one now. */
  start(): void {
    void this.#beat();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  async #beat(): Promise<void> {
    const { post, describe, onClockOffset, logger } = this.options;
    const sentAt = Date.now();
    try {
      const { serverTime, nextInMs } = heartbeatResponse.parse(await post(linkPaths.heartbeats, describe()));
      onClockOffset(Math.round(serverTime - (sentAt + Date.now()) / 2));
      this.#intervalMs = nextInMs;
    } catch (err) {
      logger.warn({ err }, 'heartbeat was not delivered');
    }
    if (this.#isStopped) return;
    const spread = 1 + jitter * (Math.random() * 2 - 1);
    this.#timer = setTimeout(() => void this.#beat(), this.#intervalMs * spread);
  }
}
