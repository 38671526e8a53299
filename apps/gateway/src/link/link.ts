import { type Command, type Heartbeat, linkPaths, type TryReport } from '@tollgate/contracts/dataplane';
import type { Logger } from 'pino';
import type { CacheWriter } from '../configuration/cache-writer.ts';
import type { GroupBook } from '../configuration/group-book.ts';
import type { DataPlane } from '../workers/data-plane.ts';
import type { IdentityKeeper } from '../identity/identity-keeper.ts';
import type { Identity } from '../identity/identity-store.ts';
import { Acknowledger } from './acknowledger.ts';
import { ConfigFollower } from './config-follower.ts';
import { Heartbeats } from './heartbeats.ts';
import { type LinkAddress, LinkHttp } from './link-http.ts';

const maxFaults = 10;
const maxFaultLength = 500;
const maxDoneCommands = 1_000;

type TryAction = Extract<Command['action'], { name: 'try-request' }>;

/** What the link works with. */
export interface LinkOptions {
  readonly address: LinkAddress;
  readonly plane: Pick<DataPlane, 'confirmAccess' | 'setClockOffset' | 'tryRequest'>;
  readonly book: GroupBook;
  readonly cache: CacheWriter;
  readonly logger: Logger;
  /** The heartbeat but for what the link itself knows. */
  readonly describe: () => Omit<Heartbeat, 'clockOffsetMs' | 'errors'>;
  readonly setDraining: (isDraining: boolean) => void;
  readonly onSynced: () => void;
}

/** The whole link home, with the identity of the moment. */
export class Link {
  readonly #follower: ConfigFollower;
  readonly #heartbeats: Heartbeats;
  readonly #acknowledger: Acknowledger;
  readonly #doneCommands = new Set<string>();
  #faults: string[] = [];
  #clockOffsetMs = 0;
  #http: LinkHttp;

  constructor(
    private readonly options: LinkOptions,
    private identity: Identity,
    private readonly keeper: IdentityKeeper,
  ) {
    const { plane, book, cache, logger, onSynced, describe } = options;
    this.#http = this.#connect();
    const post = (path: string, body: object): Promise<unknown> => this.post(path, body);
    this.#acknowledger = new Acknowledger(post, logger);
    this.#follower = new ConfigFollower({
      http: () => this.#http,
      plane,
      book,
      cache,
      logger,
      acknowledger: this.#acknowledger,
      onSynced,
      onCommand: (command) => void this.#obey(command),
      onFault: (message) => this.#note(message),
    });
    this.#heartbeats = new Heartbeats({
      post,
      logger,
      describe: () => ({ ...describe(), clockOffsetMs: this.#clockOffsetMs, errors: this.#faults }),
      onClockOffset: (offsetMs) => {
        this.#clockOffsetMs = offsetMs;
        plane.setClockOffset(offsetMs);
      },
    });
  }

  get state(): ConfigFollower['state'] {
    return this.#follower.state;
  }

  get dataPlaneId(): string {
    return this.identity.dataPlaneId;
  }

  start(): void {
    this.#follower.start();
    this.#heartbeats.start();
  }

  /** Sends JSON with the present identity. */
  post(path: string, body: string | object): Promise<unknown> {
    return this.#http.post(path, body);
  }

  /** Goes on with a new certificate; the old connections end. */
  async changeIdentity(identity: Identity): Promise<void> {
    const previous = this.#http;
    this.identity = identity;
    this.#http = this.#connect();
    this.#follower.reconnect();
    await previous.close();
  }

  /** Reads the identity on disk anew, and asks at once for all that has changed. */
  async reload(): Promise<void> {
    try {
      // With another identity the stream is opened anew in any case.
      if (await this.keeper.reload(this.identity)) return;
    } catch (err) {
      this.options.logger.error({ err }, 'the identity on disk cannot be used; the present one stays');
    }
    this.#follower.reconnect();
  }

  async stop(): Promise<void> {
    this.#heartbeats.stop();
    await this.#follower.stop();
    await this.#http.close();
  }

  #connect(): LinkHttp {
    const { root, certificateChain, privateKey } = this.identity;
    return new LinkHttp(this.options.address, { root, client: { certificateChain, privateKey } });
  }

  #note(fault: string): void {
    this.#faults = [fault.slice(0, maxFaultLength), ...this.#faults].slice(0, maxFaults);
  }

  async #obey({ id, expiresAt, action }: Command): Promise<void> {
    if (this.#doneCommands.has(id)) return;
    this.#doneCommands.add(id);
    // Commands live for a minute.
    for (const oldest of this.#doneCommands) {
      if (this.#doneCommands.size <= maxDoneCommands) break;
      this.#doneCommands.delete(oldest);
    }
    if (Date.parse(expiresAt) < Date.now() + this.#clockOffsetMs) {
      this.#acknowledger.tell({ outcome: 'expired', commandId: id });
      return;
    }
    await this.#execute(id, action);
    this.#acknowledger.tell({ outcome: 'executed', commandId: id });
  }

  async #execute(id: string, action: Command['action']): Promise<void> {
    const { logger, setDraining } = this.options;
    // Requests that are to be tried hold keys.
    logger.info({ action: action.name === 'try-request' ? action.name : action }, 'control plane gave a command');
    switch (action.name) {
      case 'drain':
      case 'resume':
        setDraining(action.name === 'drain');
        break;
      case 'log-level':
        logger.level = action.level;
        break;
      case 'renew':
        await this.keeper.renewNow(this.identity);
        break;
      case 'try-request':
        await this.#try(id, action);
    }
  }

  /** Whoever asked waits for the answer, and for nothing that comes late: it is sent once. */
  async #try(commandId: string, { request, groupId, clientAddress, scope }: TryAction): Promise<void> {
    const result = await this.options.plane.tryRequest({ request, groupId, clientAddress, scope });
    try {
      await this.post(linkPaths.tries, { commandId, result } satisfies TryReport);
    } catch (err) {
      this.options.logger.warn({ err, commandId }, 'what a try has shown could not be told');
    }
  }
}
