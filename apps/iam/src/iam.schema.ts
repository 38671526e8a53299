import { mailDelivery, MailEntity } from '@tollgate/notify';
import { defineServiceSchema } from '@tollgate/persistence';
import { AccessTokenEntity } from './access-tokens/access-token.entity.ts';
import { AuditChainEntity, AuditEntryEntity, AuditPersonalEntity } from './audit/audit-entry.entity.ts';
import { PasswordResetEntity } from './auth/password-reset.entity.ts';
import { EnvironmentUseEntity } from './environments/environment-use.entity.ts';
import { EnvironmentEntity } from './environments/environment.entity.ts';
import { InvitationEntity } from './invitations/invitation.entity.ts';
import { MembershipEntity, PersonEntity } from './members/member.entity.ts';
import { People1760000010000 } from './migrations/1760000010000-people.ts';
import { Projects1760000010100 } from './migrations/1760000010100-projects.ts';
import { Tokens1760000010200 } from './migrations/1760000010200-tokens.ts';
import { AuditChanges1760000010700 } from './migrations/1760000010700-audit-changes.ts';
import { AuditLog1760000010300 } from './migrations/1760000010300-audit-log.ts';
import { Mails1760000010400 } from './migrations/1760000010400-mails.ts';
import { RetentionAndReferences1760000010500 } from './migrations/1760000010500-retention-and-references.ts';
import { Seeding1760000010600 } from './migrations/1760000010600-seeding.ts';
import { ProjectEntity } from './projects/project.entity.ts';
import { ServiceAccountEntity } from './service-accounts/service-account.entity.ts';
import { SessionEntity } from './sessions/session.entity.ts';
import { SigningKeyEntity } from './signing-keys/signing-key.entity.ts';
import { TenantEntity } from './tenants/tenant.entity.ts';
import { UserEntity } from './users/user.entity.ts';

/** This service's part of the database. */
export const iamSchema = defineServiceSchema({
  service: 'iam',
  entities: [
    TenantEntity,
    UserEntity,
    PersonEntity,
    MembershipEntity,
    InvitationEntity,
    SessionEntity,
    PasswordResetEntity,
    ProjectEntity,
    EnvironmentEntity,
    EnvironmentUseEntity,
    ServiceAccountEntity,
    AccessTokenEntity,
    SigningKeyEntity,
    AuditChainEntity,
    AuditEntryEntity,
    AuditPersonalEntity,
    MailEntity,
  ],
  audited: [TenantEntity, MembershipEntity, ProjectEntity, EnvironmentEntity, ServiceAccountEntity],
  migrations: [
    People1760000010000,
    Projects1760000010100,
    Tokens1760000010200,
    AuditLog1760000010300,
    Mails1760000010400,
    RetentionAndReferences1760000010500,
    Seeding1760000010600,
    AuditChanges1760000010700,
  ],
  systemPurposes: {
    ...mailDelivery.systemPurposes,
    'sign-up': 'makes a tenant, which no unit of work can be inside of yet',
    people: 'people, their sessions and passwords belong to no tenant',
    'accept-invitation': 'an invitation is found by its token before its tenant is known',
    'resolve-credential': 'a session or token is found by its hash before its tenant is known',
    'tenant-operation': 'operators see and suspend tenants',
    'signing-keys': 'the keys of internal tokens belong to the platform',
    'audit-append': 'entries of all tenants arrive on one topic',
    retention: 'rows of all tenants that are past their time are deleted by one job',
    snapshot: 'other services rebuild what they know of all tenants',
  },
  systemTables: {
    ...mailDelivery.systemTables,
    tenants: 'made by sign-up, listed and suspended by operators, read with every credential',
    users: 'looked up by e-mail address or session',
    memberships: 'a person’s tenants are listed at log-in, the first one is made by sign-up',
    invitations: 'found by their token',
    sessions: 'found by their token',
    password_resets: 'found by their token',
    projects: 'named in the snapshot of environments, made with a seeded tenant',
    environments: 'listed in a snapshot, made with a seeded tenant',
    service_accounts: 'read with their tokens',
    access_tokens: 'found by their hash',
    signing_keys: 'belong to the platform',
    audit_chains: 'appended to as entries arrive',
    audit_entries: 'appended to as entries arrive',
    audit_personal: 'appended to as entries arrive, erased with the person',
  },
  globalTables: {
    ...mailDelivery.globalTables,
    users: 'people belong to several tenants; members see each other by a policy of its own',
    sessions: 'belong to people, who switch between tenants',
    password_resets: 'belong to people',
    signing_keys: 'belong to the platform',
  },
  globalNames: {
    tenants_slug_key: 'part of host names; a conflict says no more than taken',
    invitations_token_key: 'hash of a random secret',
    access_tokens_token_key: 'hash of a random secret',
  },
});
