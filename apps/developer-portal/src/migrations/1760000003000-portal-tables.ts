import { mailsTable } from '@tollgate/notify';
import { systemAccess, tenantTable } from '@tollgate/persistence';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const versionedColumns = `
  id text primary key,
  tenant_id text not null,
  version integer not null,
  created_at timestamptz not null,
  updated_at timestamptz not null`;

const sites = `
  create table portal.portal_sites (
    ${versionedColumns},
    name text not null,
    slug text not null constraint portal_sites_slug_key unique,
    sign_up_approval text not null check (sign_up_approval in ('automatic', 'manual')),
    sign_up_open boolean not null,
    tenant_version integer not null,
    constraint portal_sites_tenant_key unique (tenant_id)
  );
  ${tenantTable('portal.portal_sites')}
  ${systemAccess('portal.portal_sites', ['select'])}

  create table portal.gateway_groups (
    id text primary key,
    tenant_id text not null,
    name text not null,
    hosts jsonb not null,
    deleted boolean not null
  );
  ${tenantTable('portal.gateway_groups')}`;

const products = `
  create table portal.api_products (
    ${versionedColumns},
    name text not null,
    description text not null,
    docs text not null,
    visibility text not null check (visibility in ('public', 'developers')),
    state text not null check (state in ('draft', 'published')),
    bindings jsonb not null,
    constraint api_products_name_key unique (tenant_id, name)
  );
  ${tenantTable('portal.api_products')}

  create table portal.plans (
    ${versionedColumns},
    product_id text not null references portal.api_products on delete cascade,
    name text not null,
    description text not null,
    keyless boolean not null,
    retired boolean not null,
    current_version_id text not null,
    current_number integer not null,
    constraint plans_name_key unique (tenant_id, product_id, name)
  );
  create index plans_product_id on portal.plans (product_id);
  ${tenantTable('portal.plans')}

  create table portal.plan_versions (
    id text primary key,
    tenant_id text not null,
    plan_id text not null references portal.plans on delete cascade,
    number integer not null,
    call_limit jsonb,
    call_quota jsonb,
    approval text not null check (approval in ('automatic', 'manual')),
    created_at timestamptz not null,
    constraint plan_versions_number_key unique (tenant_id, plan_id, number)
  );
  ${tenantTable('portal.plan_versions', ['select', 'insert', 'delete'])}`;

const developers = `
  create table portal.developers (
    ${versionedColumns},
    site_id text not null references portal.portal_sites,
    name text not null,
    email text not null,
    email_verified boolean not null,
    password_hash text not null,
    state text not null check (state in ('pending', 'approved', 'refused', 'suspended')),
    constraint developers_email_key unique (tenant_id, site_id, email)
  );
  ${tenantTable('portal.developers')}

  create table portal.developer_mail_tokens (
    tenant_id text not null,
    token_sha256 text not null,
    developer_id text not null references portal.developers on delete cascade,
    name text not null,
    password_hash text not null,
    expires_at timestamptz not null,
    primary key (tenant_id, token_sha256)
  );
  create index developer_mail_tokens_developer_id on portal.developer_mail_tokens (developer_id);
  create index developer_mail_tokens_expires_at on portal.developer_mail_tokens (expires_at);
  ${tenantTable('portal.developer_mail_tokens')}
  ${systemAccess('portal.developer_mail_tokens', ['select', 'delete'])}

  create table portal.developer_sessions (
    id text primary key,
    tenant_id text not null,
    site_id text not null,
    developer_id text not null references portal.developers on delete cascade,
    token_sha256 text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
  );
  create index developer_sessions_token_sha256 on portal.developer_sessions (token_sha256);
  create index developer_sessions_developer_id on portal.developer_sessions (developer_id);
  create index developer_sessions_expires_at on portal.developer_sessions (expires_at);
  ${tenantTable('portal.developer_sessions')}
  ${systemAccess('portal.developer_sessions', ['select', 'delete'])}`;

const subscriptions = `
  create table portal.applications (
    ${versionedColumns},
    developer_id text not null references portal.developers on delete cascade,
    name text not null,
    description text not null,
    constraint applications_name_key unique (tenant_id, developer_id, name)
  );
  ${tenantTable('portal.applications')}

  create table portal.subscriptions (
    ${versionedColumns},
    application_id text not null references portal.applications on delete cascade,
    developer_id text not null references portal.developers on delete cascade,
    product_id text not null references portal.api_products on delete cascade,
    plan_id text not null references portal.plans on delete cascade,
    plan_version_id text not null references portal.plan_versions on delete cascade,
    requested_plan_version_id text references portal.plan_versions on delete cascade,
    state text not null check (state in ('pending', 'approved', 'suspended', 'refused', 'cancelled')),
    waiting_since timestamptz
  );
  create unique index subscriptions_live_key on portal.subscriptions (tenant_id, application_id, product_id)
    where state in ('pending', 'approved', 'suspended');
  create index subscriptions_application_id on portal.subscriptions (application_id);
  create index subscriptions_developer_id on portal.subscriptions (developer_id);
  create index subscriptions_product_id on portal.subscriptions (product_id);
  create index subscriptions_plan_id on portal.subscriptions (plan_id);
  create index subscriptions_waiting_since on portal.subscriptions (tenant_id, waiting_since)
    where waiting_since is not null;
  ${tenantTable('portal.subscriptions')}

  create table portal.credentials (
    ${versionedColumns},
    subscription_id text not null references portal.subscriptions on delete cascade,
    name text not null,
    key_sha256 text not null,
    hint text not null,
    state text not null check (state in ('active', 'revoked')),
    expires_at timestamptz
  );
  create index credentials_subscription_id on portal.credentials (subscription_id);
  create index credentials_expires_at on portal.credentials (expires_at) where state = 'active';
  ${tenantTable('portal.credentials')}
  ${systemAccess('portal.credentials', ['select'])}`;

/** The view reads with the rights of whoever asks, so row-level security applies to it. */
const approvalQueue = `
  create view portal.approval_queue with (security_invoker = true) as
  with waiting as (
    select 'developer' as kind, d.created_at as requested_at, d.id as object_id, d.id as developer_id,
      null as subscription_id, null as application_id, null as plan_version_id
    from portal.developers d where d.state = 'pending'
    union all
    select case s.state when 'pending' then 'subscription' else 'plan-change' end, s.waiting_since, s.id, s.developer_id,
      s.id, s.application_id, coalesce(s.requested_plan_version_id, s.plan_version_id)
    from portal.subscriptions s where s.waiting_since is not null
  )
  select to_char(w.requested_at at time zone 'UTC', 'YYYYMMDDHH24MISSUS') || w.object_id as position,
    w.kind, w.requested_at, w.developer_id, d.name as developer_name, d.email as developer_email, d.email_verified,
    w.subscription_id, a.name as application_name, p.name as product_name, l.name as plan_name
  from waiting w
  join portal.developers d on d.id = w.developer_id
  left join portal.applications a on a.id = w.application_id
  left join portal.plan_versions v on v.id = w.plan_version_id
  left join portal.plans l on l.id = v.plan_id
  left join portal.api_products p on p.id = l.product_id;
  grant select on portal.approval_queue to tollgate_portal_app;`;

export class PortalTables1760000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    const parts = [sites, products, developers, subscriptions, approvalQueue, mailsTable('portal')];
    for (const part of parts) await runner.query(part);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop view portal.approval_queue;
      drop table portal.mails, portal.credentials, portal.subscriptions, portal.applications, portal.developer_sessions,
        portal.developer_mail_tokens, portal.developers, portal.plan_versions, portal.plans, portal.api_products,
        portal.gateway_groups, portal.portal_sites`);
  }
}
