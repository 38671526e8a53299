import { type DynamicModule, Global, Module } from '@nestjs/common';
import type { ServiceName } from '@tollgate/contracts';
import { getSigningKeys } from '@tollgate/contracts/rest/iam';
import { AUTHENTICATOR, type PlatformConfig, REDIS } from '@tollgate/platform';
import type { Redis } from 'ioredis';
import { ServiceClient, serviceUrls } from './client/service-client.ts';
import { DEVELOPER_VERIFIER, type DeveloperVerifier } from './developer-verifier.ts';
import { PassportAuthenticator } from './passport-authenticator.ts';
import { Revocations } from './revocation/revocations.ts';
import { InternalTokenVerifier } from './tokens/internal-tokens.ts';
import { ServiceTokens } from './tokens/service-tokens.ts';

/** Authentication of a service: who calls it, and how it calls others. */
@Global()
@Module({})
export class AuthModule {
  /** `imports`: the module that exports DEVELOPER_VERIFIER, in the service that has developers. */
  static forService(
    service: ServiceName,
    config: PlatformConfig,
    imports: NonNullable<DynamicModule['imports']> = [],
  ): DynamicModule {
    const tokens = new ServiceTokens(config.TOLLGATE_MASTER_KEY, service);
    const client = new ServiceClient(tokens, serviceUrls(config));
    const internal = new InternalTokenVerifier(service, new URL(getSigningKeys.path, config.IAM_URL));
    return {
      module: AuthModule,
      imports,
      providers: [
        { provide: ServiceClient, useValue: client },
        {
          provide: AUTHENTICATOR,
          inject: [REDIS, { token: DEVELOPER_VERIFIER, optional: true }],
          useFactory: (redis: Redis, developers: DeveloperVerifier | undefined) =>
            new PassportAuthenticator({ internal, services: tokens, developers }, new Revocations(redis, client)),
        },
      ],
      exports: [ServiceClient, AUTHENTICATOR],
    };
  }
}
