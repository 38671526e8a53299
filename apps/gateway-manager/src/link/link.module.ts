import { type DynamicModule, Module, type ModuleMetadata } from '@nestjs/common';
import { CaModule } from '../ca/ca.module.ts';
import { EnrolmentModule } from '../enrolment/enrolment.module.ts';
import { FleetModule } from '../fleet/fleet.module.ts';
import { AcceptedBatches } from '../usage-intake/accepted-batches.ts';
import { UsageIntake } from '../usage-intake/usage-intake.ts';
import { AckRoutes } from './ack.routes.ts';
import { ConfigSessions } from './config-sessions.ts';
import { ConfigRoutes } from './config.routes.ts';
import { EncodedSteps } from './encoded-steps.ts';
import { HeartbeatRoutes } from './heartbeat.routes.ts';
import { IdentityRoutes } from './identity.routes.ts';
import { LinkInstancesRepository } from './link-instances.repository.ts';
import { LinkPeers } from './link-peers.ts';
import { LinkRouter } from './link-router.ts';
import { LinkServer } from './link-server.ts';
import { PeerLimits } from './peer-limits.ts';
import { PoolGroups } from './pool-groups.ts';
import { TelemetryRoutes } from './telemetry.routes.ts';
import { TriesRoutes } from './tries.routes.ts';
import { UsageRoutes } from './usage.routes.ts';

/** The endpoint that data planes phone home to. */
@Module({})
export class LinkModule {
  /** @param feed a module that exports `CONFIG_FEED`. */
  static withFeed(feed: NonNullable<ModuleMetadata['imports']>[number]): DynamicModule {
    return {
      module: LinkModule,
      imports: [feed, CaModule, EnrolmentModule, FleetModule],
      providers: [
        AcceptedBatches,
        AckRoutes,
        ConfigRoutes,
        ConfigSessions,
        EncodedSteps,
        HeartbeatRoutes,
        IdentityRoutes,
        LinkInstancesRepository,
        LinkPeers,
        LinkRouter,
        LinkServer,
        PeerLimits,
        PoolGroups,
        TelemetryRoutes,
        TriesRoutes,
        UsageIntake,
        UsageRoutes,
      ],
      exports: [LinkServer],
    };
  }
}
