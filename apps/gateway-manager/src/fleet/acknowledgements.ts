import { Inject, Injectable } from '@nestjs/common';
import type { ChangeAcknowledgement } from '@tollgate/contracts/dataplane';
import type { Sequence } from '@tollgate/contracts/gateway';
import { MicroBatch } from './micro-batch.ts';
import { AcknowledgementNews } from './acknowledgement-news.ts';
import { AcknowledgementsRepository } from './acknowledgements.repository.ts';

/** An acknowledgement and whom it is from. */
export interface ReceivedAcknowledgement {
  readonly dataPlaneId: string;
  /** Owner of the group. */
  readonly tenantId: string;
  readonly acknowledgement: ChangeAcknowledgement;
}

/** What some acknowledgements of one data plane about one group add up to. */
export interface GroupProgress {
  readonly dataPlaneId: string;
  readonly tenantId: string;
  readonly groupId: string;
  revision: number | null;
  access: number | null;
  /** Sequences in which something was applied: an earlier refusal there is history. */
  applied: Sequence[];
  refusal: StoredRefusal | null;
}

export interface StoredRefusal {
  readonly sequence: Sequence;
  readonly position: number;
  readonly reason: string;
  readonly detail: string;
  readonly faults: readonly unknown[];
}

/** Stores acknowledgements; those of many data planes that arrive together are one write. */
@Injectable()
export class Acknowledgements {
  readonly #batch: MicroBatch<ReceivedAcknowledgement>;

  constructor(
    @Inject(AcknowledgementsRepository) repository: AcknowledgementsRepository,
    @Inject(AcknowledgementNews) news: AcknowledgementNews,
  ) {
    this.#batch = new MicroBatch({
      maxItems: 500,
      maxWaitMs: 10,
      write: async (received) => {
        const rows = addUp(received);
        await repository.store(rows);
        news.announce(rows);
      },
    });
  }

  /** Resolves when it is stored. */
  record(received: ReceivedAcknowledgement): Promise<void> {
    return this.#batch.add(received);
  }
}

/** One row per data plane and group, later acknowledgements over earlier ones. */
export function addUp(received: readonly ReceivedAcknowledgement[]): GroupProgress[] {
  const rows = new Map<string, GroupProgress>();
  for (const { dataPlaneId, tenantId, acknowledgement } of received) {
    const { groupId, sequence, position, ...rest } = acknowledgement;
    const key = `${dataPlaneId} ${groupId}`;
    const row = rows.get(key) ?? { dataPlaneId, tenantId, groupId, ...nothing() };
    rows.set(key, row);
    if (rest.outcome === 'applied') {
      row[sequence] = position;
      row.applied.push(sequence);
      if (row.refusal?.sequence === sequence) row.refusal = null;
    } else {
      row.refusal = { sequence, position, reason: rest.reason, detail: rest.detail, faults: rest.faults };
    }
  }
  return [...rows.values()];
}

function nothing(): Pick<GroupProgress, 'revision' | 'access' | 'applied' | 'refusal'> {
  return { revision: null, access: null, applied: [], refusal: null };
}
