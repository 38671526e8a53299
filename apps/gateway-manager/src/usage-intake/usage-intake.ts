import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { linkErrors, type UsageBatch } from '@tollgate/contracts/dataplane';
import { commonErrors } from '@tollgate/contracts/errors';
import { type TopicEvent, usageBatchAccepted } from '@tollgate/contracts/events';
import { EventPublisher, RecordTooLargeError } from '@tollgate/messaging';
import { ApiError, LOGGER, METRICS } from '@tollgate/platform';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import type { LinkPeer } from '../link/link-request.ts';
import { PoolGroups } from '../link/pool-groups.ts';
import { MicroBatch } from '../fleet/micro-batch.ts';
import { AcceptedBatches } from './accepted-batches.ts';

/** Batches of many data planes go to the bus together. */
const publishing = { maxItems: 100, maxWaitMs: 5 };

/** A batch and the exact bytes it came as. */
export interface ReceivedBatch {
  readonly batch: UsageBatch;
  readonly raw: Buffer;
}

/**
 * Takes usage batches onto the bus. A batch that was accepted is accepted again without effect; the consumer deduplicates what a
 * crash between bus and memory lets through twice (docs/adr/0007-usage-goes-straight-to-the-bus.md).
 */
@Injectable()
export class UsageIntake {
  readonly #batches: Counter<'outcome'>;
  readonly #bus: MicroBatch<TopicEvent>;

  constructor(
    @Inject(PoolGroups) private readonly poolGroups: PoolGroups,
    @Inject(AcceptedBatches) private readonly accepted: AcceptedBatches,
    @Inject(EventPublisher) private readonly publisher: EventPublisher,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#batches = new Counter({
      name: 'tollgate_usage_batches_total',
      help: 'Usage batches by what became of them; `content_changed` must stay 0: it means double counting.',
      labelNames: ['outcome'],
      registers: [metrics],
    });
    this.#bus = new MicroBatch({ ...publishing, write: (events) => publisher.publish(events) });
  }

  /**
   * Resolves when the batch is durably on the bus.
   * @throws ApiError `usage.content_changed`, `usage.foreign_group`, `request.too_large`, `internal.unavailable`
   */
  async accept(peer: LinkPeer, { batch, raw }: ReceivedBatch): Promise<void> {
    const name = { instanceId: peer.dataPlaneId, epoch: batch.epoch, sequence: batch.sequence };
    const contentSha256 = createHash('sha256').update(raw).digest('hex');
    const known = await this.accepted.hashOf(name);
    if (known === contentSha256) {
      this.#batches.inc({ outcome: 'repeated' });
      return;
    }
    if (known !== null) {
      this.#batches.inc({ outcome: 'content_changed' });
      this.logger.error({ ...name }, 'usage batch came again with other content');
      throw new ApiError(linkErrors.usageContentChanged);
    }
    await this.#checkGroups(peer, batch);
    const data = { instanceId: peer.dataPlaneId, poolId: peer.poolId, contentSha256, batch };
    await this.#publish(usageBatchAccepted.create({ subject: peer.dataPlaneId, data }));
    await this.accepted.remember(name, contentSha256);
    this.#batches.inc({ outcome: 'accepted' });
  }

  async #publish(event: TopicEvent): Promise<void> {
    try {
      await this.#publishWithOthers(event);
    } catch (cause) {
      if (cause instanceof RecordTooLargeError) {
        this.#batches.inc({ outcome: 'too_large' });
        throw new ApiError(commonErrors.tooLarge, { detail: 'The event bus takes no batch of this size.', cause });
      }
      this.#batches.inc({ outcome: 'bus_unavailable' });
      throw new ApiError(commonErrors.unavailable, { detail: 'Keep the batch and send it again.', cause });
    }
  }

  /** One batch that is too large has all that go with it refused; then each goes alone. */
  async #publishWithOthers(event: TopicEvent): Promise<void> {
    try {
      await this.#bus.add(event);
    } catch (cause) {
      if (!(cause instanceof RecordTooLargeError)) throw cause;
      await this.publisher.publish([event]);
    }
  }

  async #checkGroups(peer: LinkPeer, batch: UsageBatch): Promise<void> {
    const groupIds = [...new Set(batch.rows.map((row) => row.groupId))];
    const owners = await this.poolGroups.withGroups(peer.poolId, groupIds);
    const errors = batch.rows.flatMap(({ groupId, tenantId }, index) =>
      owners.get(groupId) === tenantId ? [] : [{ pointer: `/rows/${index}`, message: 'No group of this pool.' }],
    );
    if (errors.length === 0) return;
    this.#batches.inc({ outcome: 'foreign_group' });
    throw new ApiError(linkErrors.usageOfForeignGroup, { errors });
  }
}
