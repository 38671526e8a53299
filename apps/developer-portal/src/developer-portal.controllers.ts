import { AccountController } from './account/account.controller.ts';
import { ApplicationsController } from './applications/applications.controller.ts';
import { MyApplicationsController } from './applications/my-applications.controller.ts';
import { ApprovalsController } from './approvals/approvals.controller.ts';
import { CatalogueController } from './catalogue/catalogue.controller.ts';
import { CredentialsController } from './credentials/credentials.controller.ts';
import { MyCredentialsController } from './credentials/my-credentials.controller.ts';
import { DevelopersController } from './developers/developers.controller.ts';
import { ProductDocumentsController } from './documents/product-documents.controller.ts';
import { PortalMailsController } from './mails/portal-mails.controller.ts';
import { PlansController } from './plans/plans.controller.ts';
import { ApiProductsController } from './products/api-products.controller.ts';
import { ProjectionsController } from './projections/projections.controller.ts';
import { PortalSitesController } from './sites/portal-sites.controller.ts';
import { QuotasController } from './quotas/quotas.controller.ts';
import { SnapshotsController } from './snapshots/snapshots.controller.ts';
import { MySubscriptionsController } from './subscriptions/my-subscriptions.controller.ts';
import { MyUsageController } from './usage/my-usage.controller.ts';
import { SubscriptionsController } from './subscriptions/subscriptions.controller.ts';
import { TriesController } from './tries/tries.controller.ts';

/** Every controller of this service, for suites that hold the API against its contract. */
export const developerPortalControllers = [
  AccountController,
  ApiProductsController,
  ApplicationsController,
  ApprovalsController,
  CatalogueController,
  CredentialsController,
  DevelopersController,
  MyApplicationsController,
  MyCredentialsController,
  MySubscriptionsController,
  MyUsageController,
  PlansController,
  PortalMailsController,
  PortalSitesController,
  ProductDocumentsController,
  ProjectionsController,
  QuotasController,
  SnapshotsController,
  SubscriptionsController,
  TriesController,
];
