import { type Acknowledgement, linkPaths } from '@tollgate/contracts/dataplane';
import type { Logger } from 'pino';

const maxPerRequest = 1_000;

/** Tells the control plane at once what became of changes and commands; only the latest word on each counts. */
export class Acknowledger {
  readonly #waiting = new Map<string, Acknowledgement>();
  #isSending = false;

  constructor(
    private readonly post: (path: string, body: object) => Promise<unknown>,
    private readonly logger: Logger,
  ) {}

  tell(acknowledgement: Acknowledgement): void {
    const key =
      'commandId' in acknowledgement
        ? acknowledgement.commandId
        : `${acknowledgement.groupId} ${acknowledgement.sequence}`;
    this.#waiting.delete(key);
    this.#waiting.set(key, acknowledgement);
    if (!this.#isSending) void this.#send();
  }

  /** What fails is told again with the positions of the next connection. */
  async #send(): Promise<void> {
    this.#isSending = true;
    while (this.#waiting.size > 0) {
      const batch = [...this.#waiting].slice(0, maxPerRequest);
      for (const [key] of batch) this.#waiting.delete(key);
      try {
        await this.post(linkPaths.ack, { acknowledgements: batch.map(([, acknowledgement]) => acknowledgement) });
      } catch (err) {
        this.logger.warn({ err, acknowledgements: batch.length }, 'acknowledgements were not delivered');
      }
    }
    this.#isSending = false;
  }
}
