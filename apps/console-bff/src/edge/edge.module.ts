import { type DynamicModule, Module } from '@nestjs/common';
import { BrowserSessionStore, ServiceClient } from '@tollgate/auth';
import { consoleSessionLife } from '@tollgate/contracts/rest/iam';
import { REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import type { ConsoleBffConfig } from '../config.ts';
import { ForgottenCredentials } from './forgotten-credentials.ts';
import { TokenExchange } from './token-exchange.ts';

/** What turns a caller's cookie into a credential, and a credential into internal tokens. */
@Module({})
export class EdgeModule {
  static forConfig({ TOLLGATE_MASTER_KEY: masterKey }: ConsoleBffConfig): DynamicModule {
    const { idleMs } = consoleSessionLife;
    return {
      module: EdgeModule,
      providers: [
        ForgottenCredentials,
        {
          provide: TokenExchange,
          inject: [ServiceClient],
          useFactory: (client: ServiceClient) => new TokenExchange(client),
        },
        {
          provide: BrowserSessionStore,
          inject: [REDIS],
          useFactory: (redis: Redis) => new BrowserSessionStore({ redis, masterKey, idleMs }),
        },
      ],
      exports: [TokenExchange, ForgottenCredentials, BrowserSessionStore],
    };
  }
}
