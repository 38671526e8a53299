import { Inject, Injectable } from '@nestjs/common';
import { linkBodyLimits, telemetryBatch } from '@tollgate/contracts/dataplane';
import { METRICS, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import { Counter, type Registry } from 'prom-client';
import { readJson } from './link-request.ts';
import type { LinkRoute, LinkRoutes } from './link-route.ts';

/** The latest entries of every data plane, for whoever is looking; nobody waits for them. */
const telemetryStream = 'tg:fleet:telemetry';
const maxEntries = 10_000;

/** Takes telemetry: bounded, droppable, drops counted. */
@Injectable()
export class TelemetryRoutes implements LinkRoutes {
  readonly #dropped: Counter<'by'>;

  constructor(
    @Inject(REDIS) private readonly redis: Redis,
    @Inject(METRICS) metrics: Registry,
  ) {
    this.#dropped = new Counter({
      name: 'tollgate_link_telemetry_dropped_total',
      help: 'Telemetry entries that were dropped, by the data plane or by the control plane.',
      labelNames: ['by'],
      registers: [metrics],
    });
  }

  readonly routes: readonly LinkRoute[] = [
    {
      access: 'certificate',
      method: 'POST',
      path: 'telemetry',
      handle: async ({ request }, { dataPlaneId }) => {
        const { value } = await readJson(request, telemetryBatch, linkBodyLimits.telemetry);
        this.#dropped.inc({ by: 'data-plane' }, value.dropped);
        await this.#store(dataPlaneId, value.entries);
        return { status: 202 };
      },
    },
  ];

  async #store(dataPlaneId: string, entries: readonly unknown[]): Promise<void> {
    const pipeline = this.redis.pipeline();
    for (const entry of entries) {
      pipeline.xadd(telemetryStream, 'MAXLEN', '~', maxEntries, '*', 'dp', dataPlaneId, 'entry', JSON.stringify(entry));
    }
    try {
      await pipeline.exec();
    } catch {
      this.#dropped.inc({ by: 'control-plane' }, entries.length);
    }
  }
}
