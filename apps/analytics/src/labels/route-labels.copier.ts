import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { ServiceClient } from '@tollgate/auth';
import { revisionPublished } from '@tollgate/contracts/events';
import { listPublishedRoutes } from '@tollgate/contracts/rest/gateway';
import { OnEvent, type ReceivedEvent } from '@tollgate/messaging';
import { Database, type UnitOfWork } from '@tollgate/persistence';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';
import type { z } from 'zod';
import { RouteLabelsRepository, type OutdatedCopy } from './route-labels.repository.ts';

const everyMs = 5_000;
const groupsAtOnce = 50;
const pageSize = 200;

/**
 * Copies the names of routes after a publish. The event only says that there is something to copy: reading it is a network call, which
 * belongs in no unit of work, and one that fails is made again. Several processes may copy the same group; the result is the same.
 */
@Injectable()
export class RouteLabelsCopier implements OnApplicationBootstrap, OnModuleDestroy {
  #timer: NodeJS.Timeout | undefined;
  #copying: Promise<void> = Promise.resolve();
  #isStopping = false;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(ServiceClient) private readonly client: ServiceClient,
    @Inject(RouteLabelsRepository) private readonly labels: RouteLabelsRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @OnEvent(revisionPublished, { consumer: 'route-labels' })
  async takeRevision(event: ReceivedEvent<z.output<typeof revisionPublished.schema>>, unit: UnitOfWork): Promise<void> {
    if (event.tenantId === null) throw new Error(`${event.envelope.type} names no tenant`);
    const { groupId, revision } = event.data;
    await this.labels.announceRevision(unit, { tenantId: event.tenantId, groupId, revision });
  }

  onApplicationBootstrap(): void {
    this.#timer = setInterval(() => this.#next(), everyMs);
    this.#timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    await this.#copying;
  }

  /** Copies what is outdated now; a group that cannot be read is left for the next time. */
  async runOnce(): Promise<void> {
    const outdated = await this.database.inSystem('copy-route-labels', (unit) =>
      this.labels.listOutdated(unit, groupsAtOnce),
    );
    for (const copy of outdated) {
      if (this.#isStopping) return;
      try {
        await this.#copy(copy);
      } catch (err) {
        this.logger.warn({ err, groupId: copy.groupId }, 'names of routes could not be copied; it is tried again');
      }
    }
  }

  #next(): void {
    this.#copying = this.#copying.then(() =>
      this.runOnce().catch((err: unknown) => this.logger.warn({ err }, 'names of routes could not be copied')),
    );
  }

  async #copy(copy: OutdatedCopy): Promise<void> {
    const { tenantId, groupId } = copy;
    let cursor: string | null = null;
    do {
      const query: { limit: number; cursor?: string } = { limit: pageSize, ...(cursor === null ? {} : { cursor }) };
      const page = await this.client.call(listPublishedRoutes, { params: { groupId }, query, tenantId });
      const labels = page.items.flatMap(({ id, name }) => (name === null ? [] : [{ routeId: id, name }]));
      await this.database.inTenant(tenantId, (unit) => this.labels.save(unit, copy, labels));
      cursor = page.nextCursor;
    } while (cursor !== null);
    await this.database.inTenant(tenantId, (unit) => this.labels.markCopied(unit, copy));
  }
}
