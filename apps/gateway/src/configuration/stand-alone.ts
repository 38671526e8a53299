import { readFile, watch } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { sequences } from '@tollgate/contracts/gateway';
import type { Logger } from 'pino';
import type { Configuration } from '../workers/data-plane.ts';
import { readApart } from './read-apart.ts';

/** Editors write a file in several steps. */
const settleMs = 100;

/** Serves what one YAML file says, and follows its changes; a file that cannot be served leaves everything as it was. */
export class StandAlone {
  readonly #stopping = new AbortController();
  #served = new Set<string>();
  #settling: NodeJS.Timeout | undefined;

  constructor(
    private readonly path: string,
    private readonly configuration: Configuration,
    private readonly logger: Logger,
  ) {}

  /** Loads the file and starts to watch it. @throws Error when it cannot be served. */
  async start(): Promise<void> {
    await this.#load();
    void this.#watch();
  }

  /** Reads the file anew. */
  async reload(): Promise<void> {
    try {
      await this.#load();
    } catch (err) {
      this.logger.error({ err, path: this.path }, 'configuration file was refused; the last good one stays');
    }
  }

  stop(): void {
    clearTimeout(this.#settling);
    this.#stopping.abort();
  }

  async #load(): Promise<void> {
    const groups = await readApart(await readFile(this.path, 'utf8'));
    for (const { groupId, sequences: resources } of groups) {
      for (const sequence of sequences) {
        const put = resources[sequence];
        const result = await this.configuration.apply(groupId, sequence, { isSnapshot: true, put });
        if (!result.ok) throw new Error(`${groupId} is refused: ${JSON.stringify(result.faults.slice(0, 10))}`);
      }
    }
    const served = new Set(groups.map(({ groupId }) => groupId));
    for (const groupId of this.#served) if (!served.has(groupId)) await this.configuration.removeGroup(groupId);
    this.#served = served;
    this.logger.info({ path: this.path, groups: served.size }, 'configuration file is in force');
  }

  /** The folder is watched: replacing a file ends the watch of the file itself. */
  async #watch(): Promise<void> {
    try {
      for await (const { filename } of watch(dirname(this.path), { signal: this.#stopping.signal })) {
        if (filename !== basename(this.path)) continue;
        clearTimeout(this.#settling);
        this.#settling = setTimeout(() => void this.reload(), settleMs);
      }
    } catch (err) {
      if (!this.#stopping.signal.aborted) this.logger.error({ err }, 'configuration file is not watched any more');
    }
  }
}
