import type { GroupPosition } from '@tollgate/contracts/dataplane';
import type { Logger } from 'pino';
import type { DataPlane } from '../workers/data-plane.ts';
import type { CachedGroup, DiskCache } from './disk-cache.ts';

/** Changes that come close together are written once. */
const gatherMs = 50;
/** Writing takes at most a twentieth of the time, however large the configuration and however often it changes. */
const restFactor = 20;

/** Keeps the cache on disk up with what is in force, off the path of requests and acknowledgements. */
export class CacheWriter {
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();
  #restMs = 0;
  #isDirty = false;
  #isWriting = false;

  constructor(
    private readonly cache: DiskCache,
    private readonly plane: Pick<DataPlane, 'resources'>,
    private readonly positions: () => readonly GroupPosition[],
    private readonly logger: Logger,
  ) {}

  /** Whether the disk holds what is in force. */
  get isCurrent(): boolean {
    return !this.#isDirty && !this.#isWriting;
  }

  /** Something in force has changed. */
  changed(): void {
    this.#isDirty = true;
    this.#timer ??= setTimeout(() => void this.flush(), gatherMs + this.#restMs);
  }

  /** The control plane confirmed that what is in force is current. */
  confirmed(): void {
    if (!this.#isDirty) this.cache.touch(new Date()).catch(() => this.changed());
  }

  /** Writes now what has changed. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing = this.#writing.then(() => this.#write());
    return this.#writing;
  }

  async #write(): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    this.#isWriting = true;
    const startedAt = performance.now();
    try {
      await this.cache.save(this.positions().flatMap((position) => this.#groupOf(position)));
    } catch (err) {
      this.#isDirty = true;
      this.logger.error(
        { err },
        'configuration could not be cached; a restart without the control plane serves an older one',
      );
    }
    this.#isWriting = false;
    this.#restMs = (performance.now() - startedAt) * restFactor;
  }

  #groupOf({ groupId, revision, access, revisionHash, accessHash }: GroupPosition): CachedGroup[] {
    if (revisionHash === undefined) return [];
    const resourcesOf = (sequence: 'revision' | 'access') => [...this.plane.resources(groupId, sequence)];
    return [
      {
        groupId,
        revision: { position: revision, hash: revisionHash, resources: resourcesOf('revision') },
        access: { position: access, hash: accessHash ?? emptyHash, resources: resourcesOf('access') },
      },
    ];
  }
}

const emptyHash = '0'.repeat(64);
