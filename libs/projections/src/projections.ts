import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import type { RebuildReport, Reconciliation } from '@tollgate/contracts/rest';
import { LOGGER, METRICS } from '@tollgate/platform';
import type { Logger } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { AsProjection, type Projection } from './projection.ts';

/** All projections of a service. Drift is expected to be 0: anything else is a bug that hides, so it is counted and logged as an error. */
@Injectable()
export class Projections {
  readonly #drift: Counter<'projection'>;

  constructor(
    @Inject(DiscoveryService) private readonly discovery: DiscoveryService,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#drift = new Counter({
      name: 'tollgate_projection_drift_total',
      help: 'Objects of projections that were not as their owners have them and have been put right.',
      labelNames: ['projection'],
      registers: [metrics],
    });
  }

  /** Brings every projection of a tenant into line with its owner and tells what was not. */
  async rebuild(tenantId: string): Promise<RebuildReport> {
    const projections: RebuildReport['projections'] = [];
    for (const [projection, each] of this.#all()) {
      const result = await each.reconcile(tenantId);
      this.#report(tenantId, projection, result);
      projections.push({ projection, ...result });
    }
    return { projections };
  }

  #report(tenantId: string, projection: string, { checked, drift }: Reconciliation): void {
    this.#drift.inc({ projection }, drift);
    if (drift > 0) this.logger.error({ tenantId, projection, checked, drift }, 'a projection had drifted');
  }

  #all(): Map<string, Projection> {
    const found = this.discovery.getProviders({ metadataKey: AsProjection.KEY }).flatMap((provider) => {
      const name = this.discovery.getMetadataByDecorator(AsProjection, provider);
      return name === undefined ? [] : [[name, provider.instance as Projection] as const];
    });
    return new Map(found.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
