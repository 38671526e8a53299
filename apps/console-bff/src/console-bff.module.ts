import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, ServiceClient } from '@tollgate/auth';
import type { ConsoleBffConfig } from './config.ts';
import { TokenExchange } from './edge/token-exchange.ts';

/** The edge has no data and no rules of its own: only what routing needs. */
@Module({})
export class ConsoleBffModule {
  static forRoot(config: ConsoleBffConfig): DynamicModule {
    return {
      module: ConsoleBffModule,
      imports: [AuthModule.forService('console-bff', config)],
      providers: [
        {
          provide: TokenExchange,
          inject: [ServiceClient],
          useFactory: (client: ServiceClient) => new TokenExchange(client),
        },
      ],
    };
  }
}
