import { setTimeout as pause } from 'node:timers/promises';
import { DatabaseError, escapeLiteral, type Client } from 'pg';
import { ownerRole, rolePassword, schemaRoles } from '../schema/roles.ts';
import type { MigrateInput } from './migrate.ts';

/** Roles belong to the whole server, so a migration of another database may be making the same ones right now. */
const maxAttempts = 20;
const raceCodes = new Set(['42710', '23505', 'XX000', '40P01']);

/** Makes the owner role and the three roles of each service, or brings them to the wanted state. */
export async function ensureRoles(admin: Client, input: Pick<MigrateInput, 'masterKey' | 'schemas'>): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await admin.query(rolesSql(input));
      return;
    } catch (cause) {
      const isRace = cause instanceof DatabaseError && raceCodes.has(cause.code ?? '');
      if (!isRace || attempt === maxAttempts) throw cause;
      await pause(Math.random() * 50 * attempt);
    }
  }
}

/** One statement list, so that PostgreSQL runs it as one transaction. */
function rolesSql({ masterKey, schemas }: Pick<MigrateInput, 'masterKey' | 'schemas'>): string {
  const statements = [ensureRole(ownerRole), `grant ${ownerRole} to current_user;`];
  for (const { schema } of schemas) {
    const { login, app, system } = schemaRoles(schema);
    const password = escapeLiteral(rolePassword(masterKey, login));
    statements.push(
      ...[app, system, login].map(ensureRole),
      `alter role ${login} login noinherit password ${password};`,
      ensureMember(app, login),
      ensureMember(system, login),
    );
  }
  return statements.join('\n');
}

function ensureRole(role: string): string {
  return `do $do$ begin
    if not exists (select from pg_roles where rolname = '${role}') then
      create role ${role} nologin noinherit;
    end if;
  end $do$;`;
}

/** Not granted again: every administrator's grant would be one more membership. */
function ensureMember(role: string, member: string): string {
  return `do $do$ begin
    if not pg_has_role('${member}', '${role}', 'member') then
      grant ${role} to ${member};
    end if;
  end $do$;`;
}
