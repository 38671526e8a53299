import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { AuthModule, Passwords } from '@tollgate/auth';
import { busAddress, MessagingModule } from '@tollgate/messaging';
import { MailModule } from '@tollgate/notify';
import { PersistenceModule } from '@tollgate/persistence';
import { ProjectionsModule } from '@tollgate/projections';
import { AccountService } from './account/account.service.ts';
import { CurrentDeveloper } from './account/current-developer.ts';
import { ErasureService } from './account/erasure.service.ts';
import { RequestPasswordResetService } from './account/request-password-reset.service.ts';
import { ResetPasswordService } from './account/reset-password.service.ts';
import { SignUpService } from './account/sign-up.service.ts';
import { LogInThrottle, PasswordResetThrottle } from './account/throttles.ts';
import { ApplicationsRepository } from './applications/applications.repository.ts';
import { ApplicationsService } from './applications/applications.service.ts';
import { MyApplicationsService } from './applications/my-applications.service.ts';
import { ApprovalsRepository } from './approvals/approvals.repository.ts';
import { CatalogueService } from './catalogue/catalogue.service.ts';
import { databaseUrlOf, type DeveloperPortalConfig } from './config.ts';
import { CredentialExpiry } from './credentials/credential-expiry.ts';
import { CredentialsRepository } from './credentials/credentials.repository.ts';
import { CredentialsService } from './credentials/credentials.service.ts';
import { MyCredentialsService } from './credentials/my-credentials.service.ts';
import { Revocation } from './credentials/revocation.ts';
import { developerPortalControllers } from './developer-portal.controllers.ts';
import { developerPortalSchema } from './developer-portal.schema.ts';
import { DevelopersRepository } from './developers/developers.repository.ts';
import { DevelopersService } from './developers/developers.service.ts';
import { PasswordResetsRepository } from './developers/password-resets.repository.ts';
import { ProductDocumentsRepository } from './documents/product-documents.repository.ts';
import { ProductDocumentsService } from './documents/product-documents.service.ts';
import { ReferenceReader } from './documents/reference-reader.ts';
import { GatewayGroupsEvents } from './gateway-groups/gateway-groups.events.ts';
import { GatewayGroupsProjection } from './gateway-groups/gateway-groups.projection.ts';
import { GatewayGroupsRepository } from './gateway-groups/gateway-groups.repository.ts';
import { PortalMailsRepository } from './mails/portal-mails.repository.ts';
import { PlansRepository } from './plans/plans.repository.ts';
import { PlansService } from './plans/plans.service.ts';
import { PricesEvents } from './prices/prices.events.ts';
import { PricesProjection } from './prices/prices.projection.ts';
import { PricesRepository } from './prices/prices.repository.ts';
import { ApiProductsRepository } from './products/api-products.repository.ts';
import { ApiProductsService } from './products/api-products.service.ts';
import { ProductEvents } from './products/product-events.ts';
import { ProductUnbinding } from './products/product-unbinding.ts';
import { PublishCheck } from './products/publish-check.ts';
import { GatewayManagerRoutes, PUBLISHED_ROUTES } from './products/published-routes.ts';
import { PublishingService } from './products/publishing.service.ts';
import { QuotasEvents } from './quotas/quotas.events.ts';
import { QuotasProjection } from './quotas/quotas.projection.ts';
import { QuotasRepository } from './quotas/quotas.repository.ts';
import { QuotasService } from './quotas/quotas.service.ts';
import { SessionHousekeeping } from './sessions/session-housekeeping.ts';
import { SessionsModule } from './sessions/sessions.module.ts';
import { PortalSitesEvents } from './sites/portal-sites.events.ts';
import { PortalSitesProjection } from './sites/portal-sites.projection.ts';
import { PortalSitesRepository } from './sites/portal-sites.repository.ts';
import { PortalSitesService } from './sites/portal-sites.service.ts';
import { SiteLogosRepository } from './sites/site-logos.repository.ts';
import { SiteLogosService } from './sites/site-logos.service.ts';
import { SnapshotsService } from './snapshots/snapshots.service.ts';
import { MySubscriptionsService } from './subscriptions/my-subscriptions.service.ts';
import { PlanChoice } from './subscriptions/plan-choice.ts';
import { SubscribingService } from './subscriptions/subscribing.service.ts';
import { SubscriptionDetailsRepository } from './subscriptions/subscription-details.repository.ts';
import { SubscriptionEvents } from './subscriptions/subscription-events.ts';
import { SubscriptionEndings } from './subscriptions/subscription-endings.ts';
import { SubscriptionLifecycle } from './subscriptions/subscription-lifecycle.ts';
import { SubscriptionsRepository } from './subscriptions/subscriptions.repository.ts';
import { SubscriptionsService } from './subscriptions/subscriptions.service.ts';
import { MyUsageService } from './usage/my-usage.service.ts';
import { UsageReader } from './usage/usage-reader.ts';
import { TryCredentialsService } from './tries/try-credentials.service.ts';
import { TryRequestsService } from './tries/try-requests.service.ts';

const repositories: Provider[] = [
  ApiProductsRepository,
  ApplicationsRepository,
  ApprovalsRepository,
  CredentialsRepository,
  DevelopersRepository,
  PasswordResetsRepository,
  GatewayGroupsRepository,
  PlansRepository,
  PortalMailsRepository,
  PortalSitesRepository,
  PricesRepository,
  ProductDocumentsRepository,
  QuotasRepository,
  SiteLogosRepository,
  SubscriptionDetailsRepository,
  SubscriptionsRepository,
];

const adminSide: Provider[] = [
  ApiProductsService,
  ApplicationsService,
  CredentialsService,
  DevelopersService,
  PlansService,
  PortalSitesService,
  ProductDocumentsService,
  PublishCheck,
  PublishingService,
  ReferenceReader,
  SiteLogosService,
  SubscriptionsService,
  { provide: PUBLISHED_ROUTES, useClass: GatewayManagerRoutes },
];

const developerSide: Provider[] = [
  AccountService,
  CatalogueService,
  CurrentDeveloper,
  ErasureService,
  LogInThrottle,
  MyApplicationsService,
  MyCredentialsService,
  MySubscriptionsService,
  MyUsageService,
  PasswordResetThrottle,
  Passwords,
  PlanChoice,
  RequestPasswordResetService,
  ResetPasswordService,
  SignUpService,
  SubscribingService,
  UsageReader,
  TryCredentialsService,
  TryRequestsService,
];

const shared: Provider[] = [
  CredentialExpiry,
  GatewayGroupsEvents,
  GatewayGroupsProjection,
  PortalSitesEvents,
  PortalSitesProjection,
  PricesEvents,
  PricesProjection,
  ProductEvents,
  ProductUnbinding,
  QuotasEvents,
  QuotasProjection,
  QuotasService,
  Revocation,
  SessionHousekeeping,
  SnapshotsService,
  SubscriptionEvents,
  SubscriptionEndings,
  SubscriptionLifecycle,
];

/** One container for all features: products, plans and subscriptions need each other's rows in one transaction. */
@Module({})
export class DeveloperPortalModule {
  static forConfig(config: DeveloperPortalConfig): DynamicModule {
    const sessions = SessionsModule.forConfig(config);
    const { TOLLGATE_MASTER_KEY: masterKey, SMTP_URL: smtpUrl, MAIL_FROM: from } = config;
    return {
      module: DeveloperPortalModule,
      imports: [
        PersistenceModule.forService(developerPortalSchema, { databaseUrl: databaseUrlOf(config) }),
        MessagingModule.forService({ service: 'developer-portal', ...busAddress(config) }),
        AuthModule.forService('developer-portal', config, [sessions]),
        ProjectionsModule.forService({ intervalSeconds: config.RECONCILE_INTERVAL_SECONDS }),
        MailModule.forService({ masterKey, smtpUrl, from }),
        sessions,
      ],
      controllers: developerPortalControllers,
      providers: [...repositories, ...adminSide, ...developerSide, ...shared],
    };
  }
}
