import type { Type } from '@nestjs/common';
import { BillingController } from './billing/billing.controller.ts';
import { PriceSnapshotsController } from './prices/price-snapshots.controller.ts';
import { PricesController } from './prices/prices.controller.ts';
import { ProjectionsController } from './projections/projections.controller.ts';
import { QuotaSnapshotsController } from './quotas/quota-snapshots.controller.ts';
import { ReportsController } from './reports/reports.controller.ts';

/** Every controller, for the suites over all endpoints. */
export const analyticsControllers: readonly Type[] = [
  ReportsController,
  PricesController,
  PriceSnapshotsController,
  BillingController,
  ProjectionsController,
  QuotaSnapshotsController,
];
