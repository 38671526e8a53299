import { type DynamicModule, Module } from '@nestjs/common';
import { AuthModule, Passwords } from '@tollgate/auth';
import { busAddress, MessagingModule } from '@tollgate/messaging';
import { MailModule } from '@tollgate/notify';
import { PersistenceModule } from '@tollgate/persistence';
import { ProjectionsModule } from '@tollgate/projections';
import { AccessTokensService } from './access-tokens/access-tokens.service.ts';
import { AuditCheckpoints } from './audit/audit-checkpoints.ts';
import { AuditLedger } from './audit/audit-ledger.ts';
import { AuditService } from './audit/audit.service.ts';
import { LoginThrottle, PasswordResetThrottle } from './auth/throttles.ts';
import { LoginService } from './auth/login.service.ts';
import { PasswordResetService } from './auth/password-reset.service.ts';
import { SignUpService } from './auth/sign-up.service.ts';
import { databaseUrlOf, type IamConfig } from './config.ts';
import { EnvironmentUsesProjection } from './environments/environment-uses.projection.ts';
import { EnvironmentUses } from './environments/environment-uses.ts';
import { EnvironmentsService } from './environments/environments.service.ts';
import { iamControllers } from './iam.controllers.ts';
import { iamSchema } from './iam.schema.ts';
import { AcceptInvitationService } from './invitations/accept-invitation.service.ts';
import { InvitationsService } from './invitations/invitations.service.ts';
import { ErasureService } from './me/erasure.service.ts';
import { MeService } from './me/me.service.ts';
import { MembersService } from './members/members.service.ts';
import { MailsService } from './operators/mails.service.ts';
import { TenantOperationsService } from './operators/tenant-operations.service.ts';
import { ProjectsService } from './projects/projects.service.ts';
import { RetentionJob } from './retention/retention-job.ts';
import { RevocationList } from './revocations/revocation-list.ts';
import { IamSeeding } from './seeding/iam-seeding.ts';
import { ServiceAccountTokensService } from './service-accounts/service-account-tokens.service.ts';
import { ServiceAccountsService } from './service-accounts/service-accounts.service.ts';
import { SigningKeysService } from './signing-keys/signing-keys.service.ts';
import { OwnTenants } from './snapshots/own-tenants.ts';
import { SnapshotsService } from './snapshots/snapshots.service.ts';
import { TenantsService } from './tenants/tenants.service.ts';
import { TokenExchangeService } from './token-exchange/token-exchange.service.ts';

@Module({})
export class IamModule {
  static forConfig(config: IamConfig): DynamicModule {
    const { TOLLGATE_MASTER_KEY: masterKey, SMTP_URL: smtpUrl, MAIL_FROM: from } = config;
    return {
      module: IamModule,
      imports: [
        PersistenceModule.forService(iamSchema, { databaseUrl: databaseUrlOf(config) }),
        MessagingModule.forService({ service: 'iam', ...busAddress(config) }),
        AuthModule.forService('iam', config),
        ProjectionsModule.forService({ intervalSeconds: config.RECONCILE_INTERVAL_SECONDS, tenants: OwnTenants }),
        MailModule.forService({ masterKey, smtpUrl, from }),
      ],
      controllers: iamControllers,
      providers: [
        Passwords,
        LoginThrottle,
        PasswordResetThrottle,
        LoginService,
        SignUpService,
        PasswordResetService,
        AcceptInvitationService,
        InvitationsService,
        MembersService,
        MeService,
        AccessTokensService,
        ServiceAccountsService,
        ServiceAccountTokensService,
        TenantsService,
        ProjectsService,
        EnvironmentsService,
        EnvironmentUses,
        EnvironmentUsesProjection,
        TenantOperationsService,
        MailsService,
        SigningKeysService,
        TokenExchangeService,
        RevocationList,
        AuditLedger,
        AuditService,
        SnapshotsService,
        RetentionJob,
        ErasureService,
        AuditCheckpoints,
        IamSeeding,
      ],
    };
  }
}
