import { Client } from 'pg';
import type { ServiceSchema } from '../schema/service-schema.ts';
import { findRoleProblems } from './role-rules.ts';
import { findTableProblems } from './table-rules.ts';
import { findUniqueProblems } from './unique-rules.ts';

/** One place where the database does not hold what the design promises. */
export interface CatalogueFinding {
  schema: string;
  /** Table, index, policy or role. */
  object: string;
  /** Which promise is broken, in words. */
  problem: string;
}

/**
 * Reads the catalogue of a migrated database and reports every table without tenant isolation, every unique name that could tell
 * tenants of each other, and every runtime role with more rights than it needs. Exceptions are those that the schemas declare;
 * exceptions that match nothing are findings as well.
 */
export async function checkCatalogue(adminUrl: string, schemas: readonly ServiceSchema[]): Promise<CatalogueFinding[]> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    const findings: CatalogueFinding[] = [];
    for (const schema of schemas) {
      findings.push(
        ...(await findTableProblems(admin, schema)),
        ...(await findUniqueProblems(admin, schema)),
        ...(await findRoleProblems(admin, schema.schema)),
      );
    }
    return findings;
  } finally {
    await admin.end();
  }
}
