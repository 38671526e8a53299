import type { ServiceApp } from '@tollgate/platform';
import { type IamConfig, loadIamConfig } from './config.ts';
import { IamModule } from './iam.module.ts';

export { iamConfig, type IamConfig } from './config.ts';
export { iamControllers } from './iam.controllers.ts';
export { iamSchema } from './iam.schema.ts';
export { IamSeeding, type SeedPerson, type SeedTenant } from './seeding/iam-seeding.ts';

/** The service that owns tenants, projects, environments, people, sessions, tokens and the audit log. */
export const iamApp: ServiceApp<IamConfig> = {
  service: 'iam',
  loadConfig: loadIamConfig,
  module: (config) => IamModule.forConfig(config),
};
