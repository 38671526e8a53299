import { stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { gatewayResourceSchema } from '@tollgate/contracts/gateway';
import type { ResourceText } from '@tollgate/engine';
import { z } from 'zod';
import { readIfPresent, replaceFile } from '../files.ts';
import { decrypt, encrypt } from './data-key.ts';

const context = 'tollgate-config-cache-v1';

const resource = gatewayResourceSchema.transform(({ kind, id, value }): ResourceText => ({
  kind,
  id,
  text: JSON.stringify(value),
}));
const cachedSequence = z.object({
  position: z.number().int().nonnegative(),
  hash: z.string(),
  resources: z.array(resource),
});
const cachedGroup = z.object({ groupId: z.string(), revision: cachedSequence, access: cachedSequence });
const cachedConfiguration = z.object({ groups: z.array(cachedGroup) });

export type CachedGroup = z.infer<typeof cachedGroup>;

/** What the disk holds. */
export interface CachedConfiguration {
  readonly groups: readonly CachedGroup[];
  /** When the control plane last said that it is current, milliseconds since the epoch. */
  readonly confirmedAt: number;
}

/** The last good configuration on disk, encrypted: `config.bin`. Its time of change is when it was last known to be current. */
export class DiskCache {
  readonly #path: string;

  constructor(
    stateDir: string,
    private readonly key: Buffer,
  ) {
    this.#path = join(stateDir, 'config.bin');
  }

  /** Null when there is none. @throws Error when it is there and cannot be read. */
  async load(): Promise<CachedConfiguration | null> {
    const sealed = await readIfPresent(this.#path);
    if (sealed === null) return null;
    const text = decrypt(this.key, sealed, context).toString('utf8');
    const { mtimeMs } = await stat(this.#path);
    return { groups: cachedConfiguration.parse(JSON.parse(text)).groups, confirmedAt: mtimeMs };
  }

  async save(groups: readonly CachedGroup[]): Promise<void> {
    await replaceFile(
      this.#path,
      encrypt(this.key, Buffer.from(`{"groups":[${groups.map(jsonOfGroup).join()}]}`), context),
    );
  }

  /** What is cached is still current. */
  async touch(now: Date): Promise<void> {
    await utimes(this.#path, now, now);
  }
}

type CachedSequence = CachedGroup['revision'];

function jsonOfGroup({ groupId, revision, access }: CachedGroup): string {
  return `{"groupId":${JSON.stringify(groupId)},"revision":${jsonOf(revision)},"access":${jsonOf(access)}}`;
}

/** What is text already is not read to be written again. */
function jsonOf({ resources, ...position }: CachedSequence): string {
  const written = resources.map(
    ({ kind, id, text }) => `{"kind":${JSON.stringify(kind)},"id":${JSON.stringify(id)},"value":${text}}`,
  );
  return `${JSON.stringify(position).slice(0, -1)},"resources":[${written.join()}]}`;
}
