import { createHmac } from 'node:crypto';
import { serviceSchemas, type OwningService } from '@tollgate/contracts';
import { ConfigError, type PlatformConfig } from '@tollgate/platform';

/** Role without log-in that owns every schema and table; migrations run as it, services never do. */
export const ownerRole = 'tollgate_owner';

/** The three roles of one service schema. See docs/adr/0003-runtime-roles.md. */
export interface SchemaRoles {
  /** Logs in, has no right of its own, may only become one of the other two. */
  readonly login: string;
  /** Sees and changes the rows of one tenant. */
  readonly app: string;
  /** Sees all rows of the few tables that grant it access. */
  readonly system: string;
}

/** Names of the roles of a service schema. */
export function schemaRoles(schema: string): SchemaRoles {
  return { login: `tollgate_${schema}`, app: `tollgate_${schema}_app`, system: `tollgate_${schema}_system` };
}

/** Password of a log-in role: an HMAC of its name, so that no password is stored anywhere. */
export function rolePassword(masterKey: string, role: string): string {
  return createHmac('sha256', masterKey).update(`database-role:${role}`).digest('base64url');
}

/**
 * Address with which a service connects: the administrator's server and database, the service's own log-in role.
 * @param input.masterKey the same `TOLLGATE_MASTER_KEY` that `migrate` was given, else log-in fails.
 */
export function runtimeDatabaseUrl(input: { adminUrl: string; masterKey: string; service: OwningService }): string {
  const { login } = schemaRoles(serviceSchemas[input.service]);
  const url = new URL(input.adminUrl);
  url.username = login;
  url.password = rolePassword(input.masterKey, login);
  return url.href;
}

/**
 * Address with a service's own role: the one that was set, or one derived from the administrator's.
 * @param own value of the service's variable, `variable` its name.
 * @throws ConfigError when neither is set.
 */
export function serviceDatabaseUrl(
  config: Pick<PlatformConfig, 'DATABASE_URL' | 'TOLLGATE_MASTER_KEY'>,
  input: { service: OwningService; variable: string; own: string | undefined },
): string {
  const { DATABASE_URL: adminUrl, TOLLGATE_MASTER_KEY: masterKey } = config;
  if (input.own !== undefined) return input.own;
  if (adminUrl === undefined) throw new ConfigError(`Set ${input.variable}, or DATABASE_URL to derive it from.`);
  return runtimeDatabaseUrl({ adminUrl, masterKey, service: input.service });
}
