import { Inject, Injectable } from '@nestjs/common';
import { ackRequest, linkBodyLimits } from '@tollgate/contracts/dataplane';
import { LOGGER } from '@tollgate/platform';
import type { Logger } from 'pino';
import { Acknowledgements } from '../fleet/acknowledgements.ts';
import { readJson } from './link-request.ts';
import type { LinkRoute, LinkRoutes } from './link-route.ts';
import { PoolGroups } from './pool-groups.ts';

/** What data planes say of the changes and commands they got. */
@Injectable()
export class AckRoutes implements LinkRoutes {
  constructor(
    @Inject(PoolGroups) private readonly poolGroups: PoolGroups,
    @Inject(Acknowledgements) private readonly acknowledgements: Acknowledgements,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  readonly routes: readonly LinkRoute[] = [
    {
      access: 'certificate',
      method: 'POST',
      path: 'ack',
      handle: async ({ request }, { poolId, dataPlaneId }) => {
        const { value } = await readJson(request, ackRequest, linkBodyLimits.ack);
        const owners = await this.poolGroups.of(poolId);
        const stored = value.acknowledgements.map(async (acknowledgement) => {
          if ('commandId' in acknowledgement) {
            this.logger.info({ dataPlaneId, ...acknowledgement }, 'data plane answered a command');
            return;
          }
          const tenantId = owners.get(acknowledgement.groupId);
          if (tenantId !== undefined) await this.acknowledgements.record({ dataPlaneId, tenantId, acknowledgement });
        });
        await Promise.all(stored);
        return { status: 204 };
      },
    },
  ];
}
