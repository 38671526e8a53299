import type { Type } from '@nestjs/common';
import { ProjectionsController } from './projections/projections.controller.ts';
import { configurationControllers } from './configuration.module.ts';
import { EnrolmentTokensController } from './enrolment/enrolment-tokens.controller.ts';
import { DataPlanesController } from './fleet/data-planes.controller.ts';
import { PoolsController } from './pools/pools.controller.ts';

/** Every controller, for the suites over all endpoints. */
export const gatewayManagerControllers: readonly Type[] = [
  ...configurationControllers,
  ProjectionsController,
  PoolsController,
  EnrolmentTokensController,
  DataPlanesController,
];
