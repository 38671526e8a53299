import { Inject, Injectable } from '@nestjs/common';
import { Database } from '@tollgate/persistence';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';
import { GroupsRepository } from '../groups/groups.repository.ts';
import type { ConfigFeed, FeedNotice, FeedStep, SequenceFeed, ServedGroup } from '../link/config-feed.ts';
import { SequenceHeadsRepository } from '../sequences/sequence-heads.repository.ts';
import { ConfigListener } from './config-listener.ts';
import { FeedRepository } from './feed.repository.ts';
import { GroupSequenceFeed } from './group-sequence-feed.ts';

const lookUp = 'group-look-up';

/** The feed of configuration for the link, read from the database and announced over its notification channel. */
@Injectable()
export class DatabaseConfigFeed implements ConfigFeed {
  readonly #revisions: SequenceFeed;
  readonly access: SequenceFeed;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(SequenceHeadsRepository) heads: SequenceHeadsRepository,
    @Inject(GroupsRepository) private readonly groups: GroupsRepository,
    @Inject(FeedRepository) rows: FeedRepository,
    @Inject(ConfigListener) private readonly listener: ConfigListener,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const findTenantId = (groupId: string) => database.inSystem(lookUp, (unit) => groups.findTenantId(unit, groupId));
    const parts = { database, heads, findTenantId };
    this.#revisions = new GroupSequenceFeed(parts, {
      sequence: 'revision',
      readAll: (unit, groupId) => rows.readRevision(unit, groupId),
      readSince: (unit, groupId, from) => rows.readRevisionSince(unit, groupId, from),
    });
    this.access = new GroupSequenceFeed(parts, {
      sequence: 'access',
      readAll: (unit, groupId) => rows.readAccess(unit, groupId),
      readSince: (unit, groupId, from) => rows.readAccessSince(unit, groupId, from),
    });
  }

  snapshot(groupId: string): Promise<FeedStep> {
    return this.#revisions.snapshot(groupId);
  }

  delta(groupId: string, from: number): Promise<FeedStep | null> {
    return this.#revisions.delta(groupId, from);
  }

  groupsOf(poolId: string): Promise<ServedGroup[]> {
    return this.database.inSystem(lookUp, (unit) => this.groups.listOfPool(unit, poolId));
  }

  onChange(listener: (notice: FeedNotice) => void): () => void {
    return this.listener.subscribe({
      notice: listener,
      reconnected: () => {
        this.#announceAll(listener).catch((err: unknown) =>
          this.logger.warn({ err }, 'groups could not be announced anew'),
        );
      },
    });
  }

  /** Notices were missed, nobody knows which: every group and every pool may have changed. */
  async #announceAll(listener: (notice: FeedNotice) => void): Promise<void> {
    const groups = await this.database.inSystem(lookUp, (unit) => this.groups.listAll(unit));
    for (const poolId of new Set(groups.map((group) => group.poolId))) listener({ kind: 'pool', poolId });
    for (const { groupId } of groups) {
      listener({ kind: 'group', groupId, sequence: 'revision' });
      listener({ kind: 'group', groupId, sequence: 'access' });
    }
  }
}
