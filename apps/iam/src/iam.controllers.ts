import type { Type } from '@nestjs/common';
import { AccessTokensController } from './access-tokens/access-tokens.controller.ts';
import { AuditController } from './audit/audit.controller.ts';
import { AuthController } from './auth/auth.controller.ts';
import { EnvironmentsController } from './environments/environments.controller.ts';
import { InvitationsController } from './invitations/invitations.controller.ts';
import { MeController } from './me/me.controller.ts';
import { MembersController } from './members/members.controller.ts';
import { OperatorsController } from './operators/operators.controller.ts';
import { ProjectionsController } from './projections/projections.controller.ts';
import { ProjectsController } from './projects/projects.controller.ts';
import { ServiceAccountsController } from './service-accounts/service-accounts.controller.ts';
import { SnapshotsController } from './snapshots/snapshots.controller.ts';
import { TenantsController } from './tenants/tenants.controller.ts';
import { TokenExchangeController } from './token-exchange/token-exchange.controller.ts';

/** Every controller, for the suites over all endpoints. */
export const iamControllers: Type[] = [
  AccessTokensController,
  AuditController,
  AuthController,
  EnvironmentsController,
  InvitationsController,
  MeController,
  MembersController,
  OperatorsController,
  ProjectionsController,
  ProjectsController,
  ServiceAccountsController,
  SnapshotsController,
  TenantsController,
  TokenExchangeController,
];
