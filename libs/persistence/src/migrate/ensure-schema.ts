import type { Client } from 'pg';
import { ownerRole, schemaRoles } from '../schema/roles.ts';

/** Creates the schema, owned by the owner role, and lets the service's two working roles look into it; nobody else. */
export async function ensureSchema(admin: Client, schema: string): Promise<void> {
  const { app, system } = schemaRoles(schema);
  await admin.query(`create schema if not exists ${schema} authorization ${ownerRole}`);
  await admin.query(`grant usage on schema ${schema} to ${app}, ${system}`);
}
