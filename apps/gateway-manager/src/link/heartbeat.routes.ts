import { Inject, Injectable } from '@nestjs/common';
import { heartbeat, type HeartbeatResponse, linkBodyLimits } from '@tollgate/contracts/dataplane';
import { PLATFORM_CONFIG } from '@tollgate/platform';
import type { GatewayManagerConfig } from '../config.ts';
import { HeartbeatStream } from '../fleet/heartbeat-stream.ts';
import { readJson } from './link-request.ts';
import type { LinkRoute, LinkRoutes } from './link-route.ts';

/** Takes heartbeats and tells the time, from which the data plane measures its clock's offset. */
@Injectable()
export class HeartbeatRoutes implements LinkRoutes {
  constructor(
    @Inject(HeartbeatStream) private readonly stream: HeartbeatStream,
    @Inject(PLATFORM_CONFIG) private readonly config: Pick<GatewayManagerConfig, 'LINK_HEARTBEAT_INTERVAL_MS'>,
  ) {}

  readonly routes: readonly LinkRoute[] = [
    {
      access: 'certificate',
      method: 'POST',
      path: 'heartbeats',
      handle: async ({ request }, { dataPlaneId }) => {
        const { value } = await readJson(request, heartbeat, linkBodyLimits.heartbeats);
        await this.stream.append(dataPlaneId, value);
        const body: HeartbeatResponse = {
          serverTime: Date.now(),
          nextInMs: this.config.LINK_HEARTBEAT_INTERVAL_MS,
        };
        return { status: 200, body };
      },
    },
  ];
}
