import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule } from '@tollgate/auth';
import { busAddress, MessagingModule } from '@tollgate/messaging';
import { PersistenceModule } from '@tollgate/persistence';
import { databaseUrlOf, type PolicyManagerConfig } from './config.ts';
import { policyManagerSchema } from './policy-manager.schema.ts';
import { PolicyTemplatesModule } from './policy-templates/policy-templates.module.ts';
import { PolicyTypesModule } from './policy-types/policy-types.module.ts';

@Module({})
export class PolicyManagerModule {
  static forConfig(config: PolicyManagerConfig): DynamicModule {
    return {
      module: PolicyManagerModule,
      imports: [
        PersistenceModule.forService(policyManagerSchema, { databaseUrl: databaseUrlOf(config) }),
        MessagingModule.forService({ service: 'policy-manager', ...busAddress(config) }),
        AuthModule.forService('policy-manager', config),
        PolicyTypesModule,
        PolicyTemplatesModule,
      ],
    };
  }
}
