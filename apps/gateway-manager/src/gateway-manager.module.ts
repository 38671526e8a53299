import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '@tollgate/auth';
import { busAddress, MessagingModule } from '@tollgate/messaging';
import { PersistenceModule } from '@tollgate/persistence';
import { ProjectionsModule } from '@tollgate/projections';
import { databaseUrlOf, type GatewayManagerConfig } from './config.ts';
import { ConfigurationModule } from './configuration.module.ts';
import { FeedModule } from './feed/feed.module.ts';
import { gatewayManagerSchema } from './gateway-manager.schema.ts';
import { LinkModule } from './link/link.module.ts';
import { PoolsModule } from './pools/pools.module.ts';
import { ProjectionsController } from './projections/projections.controller.ts';

@Module({})
export class GatewayManagerModule {
  static forConfig(config: GatewayManagerConfig): DynamicModule {
    return {
      module: GatewayManagerModule,
      imports: [
        PersistenceModule.forService(gatewayManagerSchema, { databaseUrl: databaseUrlOf(config) }),
        MessagingModule.forService({ service: 'gateway-manager', ...busAddress(config) }),
        AuthModule.forService('gateway-manager', config),
        ProjectionsModule.forService({ intervalSeconds: config.RECONCILE_INTERVAL_SECONDS }),
        PoolsModule,
        ConfigurationModule,
        LinkModule.withFeed(FeedModule),
      ],
      controllers: [ProjectionsController],
    };
  }
}
