import type { Client } from 'pg';
import { schemaRoles } from '../schema/roles.ts';
import type { CatalogueFinding } from './check-catalogue.ts';

interface RoleRow {
  name: string;
  is_powerful: boolean;
  can_login: boolean;
  inherits: boolean;
  member_of: string[];
}

const rolesSql = `
  select r.rolname as name,
    r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication as is_powerful,
    r.rolcanlogin as can_login,
    r.rolinherit as inherits,
    coalesce((select json_agg(distinct g.rolname order by g.rolname) from pg_auth_members m join pg_roles g on g.oid = m.roleid
              where m.member = r.oid), '[]') as member_of
  from pg_roles r where r.rolname = any($1) order by r.rolname`;

/** Rights that the roles hold directly, on tables and on schemas; `schema` is null for the schema itself. */
const grantsSql = `
  select distinct role.rolname as role, n.nspname as schema, coalesce(c.relname, '') as table
  from pg_namespace n
  left join pg_class c on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'S')
  cross join lateral (
    select grantee from aclexplode(n.nspacl)
    union all select grantee from aclexplode(c.relacl)
  ) as granted
  join pg_roles role on role.oid = granted.grantee
  where role.rolname = any($1)
  union
  select owner.rolname, n.nspname, c.relname from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  join pg_roles owner on owner.oid = c.relowner
  where owner.rolname = any($1)`;

const definerFunctionsSql = `
  select proname as name from pg_proc where pronamespace = $1::regnamespace and prosecdef order by proname`;

/** Runtime roles with more rights than their schema's tables, and functions that lend the owner's rights. */
export async function findRoleProblems(admin: Client, schema: string): Promise<CatalogueFinding[]> {
  const { login, app, system } = schemaRoles(schema);
  const names = [login, app, system];
  const finding = (object: string, problem: string): CatalogueFinding => ({ schema, object, problem });
  const findings: CatalogueFinding[] = [];

  const roles = await admin.query<RoleRow>(rolesSql, [names]);
  for (const name of names) {
    const role = roles.rows.find((row) => row.name === name);
    if (!role) findings.push(finding(name, 'does not exist'));
    else findings.push(...roleProblems(role, { login, app, system }).map((problem) => finding(name, problem)));
  }

  const grants = await admin.query<{ role: string; schema: string; table: string }>(grantsSql, [names]);
  for (const grant of grants.rows) {
    const target = grant.table === '' ? `schema ${grant.schema}` : `${grant.schema}.${grant.table}`;
    if (grant.role === login) findings.push(finding(login, `holds rights of its own on ${target}`));
    else if (grant.schema !== schema) findings.push(finding(grant.role, `holds rights on ${target}`));
  }

  const functions = await admin.query<{ name: string }>(definerFunctionsSql, [schema]);
  findings.push(...functions.rows.map(({ name }) => finding(name, 'is a security definer function')));
  return findings;
}

function roleProblems(role: RoleRow, { login, app, system }: { login: string; app: string; system: string }): string[] {
  const isLogin = role.name === login;
  const expected = isLogin ? [app, system].sort().join() : '';
  const problems: string[] = [];
  if (role.is_powerful) problems.push('is a superuser, bypasses row-level security or may create roles or databases');
  if (role.inherits) problems.push('inherits the rights of other roles');
  if (role.can_login !== isLogin) problems.push(isLogin ? 'cannot log in' : 'can log in');
  if (role.member_of.join() !== expected) problems.push(`is a member of ${role.member_of.join(', ') || 'nothing'}`);
  return problems;
}
