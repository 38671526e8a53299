import { readFile, watch } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import {
  type GatewayResource,
  sequences,
  standAloneFileSchema,
  standAloneResources,
} from '@tollgate/contracts/gateway';
import type { Logger } from 'pino';
import { parse } from 'yaml';
import type { Configuration } from '../workers/data-plane.ts';

/** Editors write a file in several steps. */
const settleMs = 100;

type Groups = Map<string, Record<(typeof sequences)[number], readonly GatewayResource[]>>;

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
    const groups = await this.#read();
    for (const [groupId, resources] of groups) {
      for (const sequence of sequences) {
        const result = await this.configuration.apply(groupId, sequence, {
          isSnapshot: true,
          put: resources[sequence],
        });
        if (!result.ok) throw new Error(`${groupId} is refused: ${JSON.stringify(result.faults.slice(0, 10))}`);
      }
    }
    for (const groupId of this.#served) if (!groups.has(groupId)) await this.configuration.removeGroup(groupId);
    this.#served = new Set(groups.keys());
    this.logger.info({ path: this.path, groups: groups.size }, 'configuration file is in force');
  }

  async #read(): Promise<Groups> {
    const file = standAloneFileSchema.parse(parse(await readFile(this.path, 'utf8')));
    return new Map(file.groups.map((group) => [group.id, standAloneResources(group)]));
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
