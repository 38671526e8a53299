import { schemaRoles, type SchemaRoles } from './roles.ts';

export type TablePrivilege = 'select' | 'insert' | 'update' | 'delete';

const allPrivileges: readonly TablePrivilege[] = ['select', 'insert', 'update', 'delete'];

/** True for rows of the tenant of the unit of work; never true outside one. */
export const ownTenantsRow = `tenant_id = nullif(current_setting('app.tenant_id', true), '')`;

/**
 * SQL that gives a table with a `tenant_id` row-level security: the app role sees and writes rows of its unit's tenant only.
 * @param sqlName `schema.table`
 * @param privileges of the app role; default all.
 */
export function tenantTable(sqlName: string, privileges: readonly TablePrivilege[] = allPrivileges): string {
  const { app } = rolesOf(sqlName);
  return `${forceRowSecurity(sqlName)}
    create policy tenant_isolation on ${sqlName} using (${ownTenantsRow}) with check (${ownTenantsRow});
    grant ${privileges.join(', ')} on ${sqlName} to ${app};`;
}

/**
 * SQL that lets the system role of a service touch all rows of a table. Such a table is listed in the service's `systemTables`.
 * @param sqlName `schema.table`
 */
export function systemAccess(sqlName: string, privileges: readonly TablePrivilege[] = allPrivileges): string {
  const { system } = rolesOf(sqlName);
  return `create policy system_access on ${sqlName} to ${system} using (true) with check (true);
    grant ${privileges.join(', ')} on ${sqlName} to ${system};`;
}

/**
 * SQL for a table whose rows belong to no tenant. Such a table is listed in the service's `globalTables`.
 * @param sqlName `schema.table`
 * @param access what each role may do; a role that is not named may do nothing.
 */
export function globalTable(
  sqlName: string,
  access: { app?: readonly TablePrivilege[]; system?: readonly TablePrivilege[] },
): string {
  const { app } = rolesOf(sqlName);
  const appAccess = access.app
    ? `create policy app_access on ${sqlName} to ${app} using (true) with check (true);
       grant ${access.app.join(', ')} on ${sqlName} to ${app};`
    : '';
  return `${forceRowSecurity(sqlName)} ${appAccess} ${access.system ? systemAccess(sqlName, access.system) : ''}`;
}

function forceRowSecurity(sqlName: string): string {
  return `alter table ${sqlName} enable row level security;
    alter table ${sqlName} force row level security;`;
}

function rolesOf(sqlName: string): SchemaRoles {
  const match = /^([a-z][a-z_]*)\.[a-z][a-z0-9_]*$/.exec(sqlName);
  if (!match?.[1]) throw new Error(`${sqlName} is not of the form schema.table`);
  return schemaRoles(match[1]);
}
