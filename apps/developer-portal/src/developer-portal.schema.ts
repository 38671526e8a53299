import { mailDelivery, MailEntity } from '@tollgate/notify';
import { defineServiceSchema } from '@tollgate/persistence';
import { ApplicationEntity } from './applications/application.entity.ts';
import { ApprovalQueueEntity } from './approvals/approval-queue.entity.ts';
import { CredentialEntity } from './credentials/credential.entity.ts';
import { DeveloperEntity } from './developers/developer.entity.ts';
import { MailTokenEntity } from './developers/mail-token.entity.ts';
import { PasswordResetEntity } from './developers/password-reset.entity.ts';
import { GatewayGroupEntity } from './gateway-groups/gateway-group.entity.ts';
import { PortalTables1760000003000 } from './migrations/1760000003000-portal-tables.ts';
import { PlanSince1760000003100 } from './migrations/1760000003100-plan-since.ts';
import { PasswordResets1760000003200 } from './migrations/1760000003200-password-resets.ts';
import { SubscriptionQuotas1760000004000 } from './migrations/1760000004000-subscription-quotas.ts';
import { ProductDocuments1760000005000 } from './migrations/1760000005000-product-documents.ts';
import { SiteAppearance1760000006000 } from './migrations/1760000006000-site-appearance.ts';
import { TryCredentials1760000007000 } from './migrations/1760000007000-try-credentials.ts';
import { GroupAddresses1760000007100 } from './migrations/1760000007100-group-addresses.ts';
import { PlanPrices1760000008000 } from './migrations/1760000008000-plan-prices.ts';
import { PlanVersionEntity } from './plans/plan-version.entity.ts';
import { PlanEntity } from './plans/plan.entity.ts';
import { ApiProductEntity } from './products/api-product.entity.ts';
import { DeveloperSessionEntity } from './sessions/developer-session.entity.ts';
import { PortalSiteEntity } from './sites/portal-site.entity.ts';
import { SubscriptionEntity } from './subscriptions/subscription.entity.ts';

/** This service's part of the database. */
export const developerPortalSchema = defineServiceSchema({
  service: 'developer-portal',
  entities: [
    ApiProductEntity,
    ApplicationEntity,
    ApprovalQueueEntity,
    CredentialEntity,
    DeveloperEntity,
    DeveloperSessionEntity,
    GatewayGroupEntity,
    MailEntity,
    MailTokenEntity,
    PasswordResetEntity,
    PlanEntity,
    PlanVersionEntity,
    PortalSiteEntity,
    SubscriptionEntity,
  ],
  audited: [ApiProductEntity, ApplicationEntity, PlanEntity, PortalSiteEntity, SubscriptionEntity],
  migrations: [
    PortalTables1760000003000,
    PlanSince1760000003100,
    PasswordResets1760000003200,
    SubscriptionQuotas1760000004000,
    ProductDocuments1760000005000,
    SiteAppearance1760000006000,
    TryCredentials1760000007000,
    GroupAddresses1760000007100,
    PlanPrices1760000008000,
  ],
  systemPurposes: {
    ...mailDelivery.systemPurposes,
    'read-mails': 'operators read the mails that were captured, whoever they went to',
    'find-site': 'a visitor names a site by its slug before the tenant is known',
    'find-session': 'a developer’s token names its tenant only once it is found',
    'expire-credentials': 'finds rotated keys of all tenants whose overlap is over',
    'forget-expired': 'deletes sessions and mail tokens of all tenants past their time',
  },
  systemTables: {
    ...mailDelivery.systemTables,
    portal_sites: 'read by slug',
    developer_sessions: 'read by token; deleted when expired',
    developer_mail_tokens: 'deleted when expired',
    developer_password_resets: 'those past their time are deleted for all tenants by one job',
    credentials: 'read when the overlap of a rotation is over',
  },
  globalTables: mailDelivery.globalTables,
  globalNames: { portal_sites_slug_key: 'the slug is part of an address on the whole platform' },
});
