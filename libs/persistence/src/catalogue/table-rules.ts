import type { Client } from 'pg';
import { platformGlobalTables, platformSystemTables } from '../schema/platform-tables.ts';
import { schemaRoles } from '../schema/roles.ts';
import type { ServiceSchema } from '../schema/service-schema.ts';
import type { CatalogueFinding } from './check-catalogue.ts';

interface TableRow {
  name: string;
  has_tenant: boolean;
  enabled: boolean;
  forced: boolean;
  system_granted: boolean;
  policies: { name: string; roles: string[]; using: string | null; check: string | null }[];
}

const tablesSql = `
  select c.relname as name,
    exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped) as has_tenant,
    c.relrowsecurity as enabled,
    c.relforcerowsecurity as forced,
    has_table_privilege($2, c.oid, 'select, insert, update, delete') as system_granted,
    coalesce((
      select json_agg(json_build_object(
        'name', p.polname,
        'roles', (select coalesce(json_agg(r.rolname), '[]') from pg_roles r where r.oid = any(p.polroles)),
        'using', pg_get_expr(p.polqual, p.polrelid),
        'check', pg_get_expr(p.polwithcheck, p.polrelid)))
      from pg_policy p where p.polrelid = c.oid), '[]') as policies
  from pg_class c
  where c.relnamespace = $1::regnamespace and c.relkind in ('r', 'p')
  order by c.relname`;

/** Tables without tenant, row-level security, FORCE or the tenant policy; tables open to the system role without being listed. */
export async function findTableProblems(admin: Client, schema: ServiceSchema): Promise<CatalogueFinding[]> {
  const { system } = schemaRoles(schema.schema);
  const { rows } = await admin.query<TableRow>(tablesSql, [schema.schema, system]);
  const globalTables = { ...platformGlobalTables, ...schema.globalTables };
  const systemTables = { ...platformSystemTables, ...schema.systemTables };
  const finding = (object: string, problem: string): CatalogueFinding => ({ schema: schema.schema, object, problem });
  const findings = rows.flatMap((table) => {
    const problems = table.name in globalTables ? [] : isolationProblems(table, system);
    if (table.system_granted && !(table.name in systemTables)) {
      problems.push('is open to the system role but not listed in systemTables');
    }
    return problems.map((problem) => finding(table.name, problem));
  });
  const existing = new Set(rows.map((table) => table.name));
  const listed = new Set([...Object.keys(globalTables), ...Object.keys(systemTables)]);
  for (const name of listed) {
    if (!existing.has(name)) findings.push(finding(name, 'is listed as an exception but does not exist'));
  }
  return findings;
}

function isolationProblems(table: TableRow, systemRole: string): string[] {
  const problems: string[] = [];
  if (!table.has_tenant) problems.push('has no tenant_id');
  if (!table.enabled) problems.push('has no row-level security');
  if (!table.forced) problems.push('does not force row-level security on its owner');
  const tenantPolicies = table.policies.filter(
    ({ roles }) => !roles.every((role) => role === systemRole) || roles.length === 0,
  );
  if (tenantPolicies.length === 0) problems.push('has no tenant policy');
  for (const { name, using, check } of tenantPolicies) {
    if (!isTenantCondition(using)) problems.push(`policy ${name} lets rows of other tenants be read`);
    if (!isTenantCondition(check)) problems.push(`policy ${name} lets rows of other tenants be written`);
  }
  return problems;
}

/** The condition of `ownTenantsRow` as PostgreSQL prints it; for a table of tenants the id itself is compared. */
const tenantCondition = /^\(\(?(tenant_id) = NULLIF\(current_setting\('app\.tenant_id'::text, true\), ''::text\)\)?\)$/;

function isTenantCondition(expression: string | null): boolean {
  return expression !== null && tenantCondition.test(expression);
}
