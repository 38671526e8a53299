import { commonErrors } from '@tollgate/contracts/errors';
import type { Sequence } from '@tollgate/contracts/gateway';
import type { Database, UnitOfWork } from '@tollgate/persistence';
import { ApiError } from '@tollgate/platform';
import type { FeedStep, SequenceFeed } from '../link/config-feed.ts';
import type { SequenceHead, SequenceHeadsRepository } from '../sequences/sequence-heads.repository.ts';
import { type FeedRow, orderChanges } from './feed-step.ts';
import { maxDeltaChanges } from './feed.repository.ts';

/** How one sequence is read. */
export interface SequenceSource {
  sequence: Sequence;
  readAll(unit: UnitOfWork, groupId: string): Promise<FeedRow[]>;
  readSince(unit: UnitOfWork, groupId: string, from: number): Promise<FeedRow[]>;
}

/** What every sequence of every group needs. */
export interface FeedParts {
  database: Database;
  heads: SequenceHeadsRepository;
  /** The owner of a group; null when there is no such group. */
  findTenantId(groupId: string): Promise<string | null>;
}

/** Reads one of the two sequences. The head is held while its rows are read, so position, hash and content belong together. */
export class GroupSequenceFeed implements SequenceFeed {
  constructor(
    private readonly parts: FeedParts,
    private readonly source: SequenceSource,
  ) {}

  snapshot(groupId: string): Promise<FeedStep> {
    return this.#withHead(groupId, async (unit, head) => {
      const rows = await this.source.readAll(unit, groupId);
      return { from: 0, to: head.position, hash: head.hash, changes: orderChanges(rows) };
    });
  }

  delta(groupId: string, from: number): Promise<FeedStep | null> {
    return this.#withHead(groupId, async (unit, head) => {
      if (from > head.position) return null;
      const rows = await this.source.readSince(unit, groupId, from);
      if (rows.length > maxDeltaChanges) return null;
      return { from, to: head.position, hash: head.hash, changes: orderChanges(rows) };
    });
  }

  async #withHead<T>(groupId: string, read: (unit: UnitOfWork, head: SequenceHead) => Promise<T>): Promise<T> {
    const tenantId = await this.parts.findTenantId(groupId);
    if (tenantId === null) throw new ApiError(commonErrors.notFound);
    return this.parts.database.inTenant(tenantId, async (unit) =>
      read(unit, await this.parts.heads.hold(unit, { groupId, sequence: this.source.sequence })),
    );
  }
}
