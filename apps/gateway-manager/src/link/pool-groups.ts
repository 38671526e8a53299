import { Inject, Injectable } from '@nestjs/common';
import { CONFIG_FEED, type ConfigFeed } from './config-feed.ts';

/** Read again after this time even if no notice came. */
const keptForMs = 30_000;

/** Owner of each group that a pool serves, by group. */
export type GroupOwners = ReadonlyMap<string, string>;

interface Kept {
  readonly owners: Promise<GroupOwners>;
  readonly until: number;
}

/** Which groups a pool serves, remembered: every acknowledgement, heartbeat and usage batch asks. */
@Injectable()
export class PoolGroups {
  readonly #kept = new Map<string, Kept>();

  constructor(@Inject(CONFIG_FEED) private readonly feed: ConfigFeed) {
    feed.onChange((notice) => {
      if (notice.kind === 'pool') this.#kept.delete(notice.poolId);
    });
  }

  of(poolId: string): Promise<GroupOwners> {
    const kept = this.#kept.get(poolId);
    if (kept !== undefined && kept.until > Date.now()) return kept.owners;
    return this.#read(poolId);
  }

  /** Reads past what is remembered; for a group that is not known here but may have just joined. */
  async withGroups(poolId: string, groupIds: readonly string[]): Promise<GroupOwners> {
    const owners = await this.of(poolId);
    return groupIds.every((groupId) => owners.has(groupId)) ? owners : this.#read(poolId);
  }

  #read(poolId: string): Promise<GroupOwners> {
    const owners = this.feed
      .groupsOf(poolId)
      .then((groups) => new Map(groups.map(({ groupId, tenantId }) => [groupId, tenantId])));
    this.#kept.set(poolId, { owners, until: Date.now() + keptForMs });
    owners.catch(() => this.#kept.delete(poolId));
    return owners;
  }
}
