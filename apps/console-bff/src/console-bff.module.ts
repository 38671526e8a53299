import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '@tollgate/auth';
import type { ConsoleBffConfig } from './config.ts';
import { EdgeModule } from './edge/edge.module.ts';
import { LiveModule } from './live/live.module.ts';

/** The edge has no data and no rules of its own: only what routing, browsers' sessions and live events need. */
@Module({})
export class ConsoleBffModule {
  static forRoot(config: ConsoleBffConfig): DynamicModule {
    const edge = EdgeModule.forConfig(config);
    return {
      module: ConsoleBffModule,
      imports: [AuthModule.forService('console-bff', config), edge, LiveModule.forConfig(config, edge)],
    };
  }
}
