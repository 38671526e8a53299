import { Inject, Injectable } from '@nestjs/common';
import { linkBodyLimits, tryReport } from '@tollgate/contracts/dataplane';
import { FleetSignals } from '../fleet/fleet-signals.ts';
import { readJson } from './link-request.ts';
import type { LinkRoute, LinkRoutes } from './link-route.ts';

/** What requests that were tried have shown; goes to whichever instance of this service waits for it, and is kept nowhere. */
@Injectable()
export class TriesRoutes implements LinkRoutes {
  constructor(@Inject(FleetSignals) private readonly signals: FleetSignals) {}

  readonly routes: readonly LinkRoute[] = [
    {
      access: 'certificate',
      method: 'POST',
      path: 'tries',
      handle: async ({ request }, { dataPlaneId }) => {
        const { value: report } = await readJson(request, tryReport, linkBodyLimits.tries);
        await this.signals.send({ kind: 'tried', dataPlaneId, report });
        return { status: 204 };
      },
    },
  ];
}
