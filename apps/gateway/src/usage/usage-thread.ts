import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { UsageRow } from '@tollgate/contracts/dataplane';
import { LinkRefusal } from '../link/link-refusal.ts';
import type { UsageLog } from './usage-log.ts';
import type { FromUsageThread, Posted, ToUsageThread, UsageStart } from './usage-messages.ts';
import { UsageShipper } from './usage-shipper.ts';
import { UsageStore } from './usage-store.ts';
import { UsageWriter } from './usage-writer.ts';

const stateEveryMs = 1_000;

/**
 * The thread that keeps usage. It does nothing else, so what workers hand over is written at once, also while the primary goes through a
 * large configuration.
 */
class UsageThread {
  readonly #writer: UsageWriter;
  readonly #shipper: UsageShipper;
  readonly #posts = new Map<number, (posted: Posted) => void>();
  readonly #workers = new Map<MessagePort, number>();
  #number = 0;

  constructor(
    private readonly store: UsageStore,
    private readonly port: MessagePort,
    { rejectedPath, flushMs, shipMs }: UsageStart,
  ) {
    const logger: UsageLog = {
      warn: (fields, message) => this.#tell({ kind: 'log', level: 'warn', fields, message }),
      error: (fields, message) => this.#tell({ kind: 'log', level: 'error', fields, message }),
    };
    this.#writer = new UsageWriter({ store, flushMs, logger });
    this.#shipper = new UsageShipper({
      store,
      writer: this.#writer,
      post: (path, body) => this.#post(path, body),
      sealed: (sequence, rows) => this.#tell({ kind: 'sealed', sequence, rows: underQuota(rows) }),
      unsealed: (sequence, rows) => this.#tell({ kind: 'unsealed', sequence, rows: underQuota(rows) }),
      everyMs: flushMs,
      shipMs,
      rejectedPath,
      logger,
    });
  }

  start(): void {
    this.#writer.start();
    this.port.on('message', (message: ToUsageThread) => void this.#obey(message));
    setInterval(() => this.#tellState(null), stateEveryMs);
    this.#tell({ kind: 'open', epoch: this.store.epoch, state: this.#state });
  }

  async #obey(message: ToUsageThread): Promise<void> {
    switch (message.kind) {
      case 'worker':
        this.#listenTo(message.workerId, message.port);
        return;
      case 'ship':
        this.#shipper.start();
        return;
      case 'posted':
        this.#posts.get(message.number)?.(message.posted);
        this.#posts.delete(message.number);
        return;
      case 'report':
        this.#receiveAll();
        this.#tellState(message.number);
        return;
      case 'stop':
        this.#receiveAll();
        this.#writer.stop();
        await this.#shipper.stop(message.shipWithinMs);
        process.exit(0);
    }
  }

  #listenTo(workerId: number, port: MessagePort): void {
    this.#workers.set(port, workerId);
    port.on('message', (rows: readonly UsageRow[]) => this.#receive(workerId, rows));
    port.once('close', () => this.#workers.delete(port));
  }

  /** Takes what has been posted and not been delivered yet. */
  #receiveAll(): void {
    for (const [port, workerId] of this.#workers) {
      for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) {
        this.#receive(workerId, next.message as UsageRow[]);
      }
    }
  }

  #receive(workerId: number, rows: readonly UsageRow[]): void {
    this.#writer.add(rows);
    const counted = underQuota(rows);
    if (counted.length > 0) this.#tell({ kind: 'received', workerId, rows: counted });
  }

  #post(path: string, body: string): Promise<void> {
    const number = ++this.#number;
    return new Promise((resolve, reject) => {
      this.#posts.set(number, (posted) => {
        if (posted.outcome === 'accepted') resolve();
        else reject(causeOf(posted));
      });
      this.#tell({ kind: 'post', number, path, body });
    });
  }

  get #state() {
    return { pendingRows: this.store.pendingRows, walBytes: this.store.walBytes };
  }

  #tellState(number: number | null): void {
    this.#tell({ kind: 'state', state: this.#state, number });
  }

  #tell(message: FromUsageThread): void {
    this.port.postMessage(message);
  }
}

/** The rows that quotas may be about. */
function underQuota(rows: readonly UsageRow[]): UsageRow[] {
  return rows.filter(({ consumer, billable }) => consumer !== null && billable > 0);
}

function causeOf(posted: Exclude<Posted, { outcome: 'accepted' }>): Error {
  if (posted.outcome === 'failed') return new Error('it could not be sent', { cause: posted.cause });
  const { status, code, detail, pointers } = posted.refusal;
  return new LinkRefusal(status, code, detail, pointers);
}

if (parentPort !== null) {
  const start = workerData as UsageStart;
  const store = await UsageStore.open({ path: start.path, maxBytes: start.maxBytes });
  new UsageThread(store, parentPort, start).start();
}
