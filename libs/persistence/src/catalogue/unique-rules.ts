import type { Client } from 'pg';
import { platformGlobalTables } from '../schema/platform-tables.ts';
import type { ServiceSchema } from '../schema/service-schema.ts';
import type { CatalogueFinding } from './check-catalogue.ts';

interface UniqueIndex {
  name: string;
  table: string;
  is_primary: boolean;
  columns: (string | null)[];
}

const uniqueIndexesSql = `
  select i.relname as name, t.relname as table, x.indisprimary as is_primary,
    (select json_agg(a.attname order by k.position)
     from unnest(x.indkey::int2[]) with ordinality as k(attnum, position)
     left join pg_attribute a on a.attrelid = x.indrelid and a.attnum = k.attnum) as columns
  from pg_index x
  join pg_class i on i.oid = x.indexrelid
  join pg_class t on t.oid = x.indrelid
  where t.relnamespace = $1::regnamespace and t.relkind in ('r', 'p') and x.indisunique
  order by i.relname`;

/** Unique indexes by which one tenant could find out what another has. Generated ids (`primary key (id)`) tell nothing. */
export async function findUniqueProblems(admin: Client, schema: ServiceSchema): Promise<CatalogueFinding[]> {
  const { rows } = await admin.query<UniqueIndex>(uniqueIndexesSql, [schema.schema]);
  const finding = (object: string, problem: string): CatalogueFinding => ({ schema: schema.schema, object, problem });
  const globalTables = { ...platformGlobalTables, ...schema.globalTables };
  const findings = rows
    .filter((index) => !(index.table in globalTables) && !(index.name in schema.globalNames))
    .filter((index) => !index.columns.includes('tenant_id') && !isGeneratedKey(index))
    .map((index) => finding(index.name, `is unique across tenants in ${index.table}`));
  for (const name of Object.keys(schema.globalNames)) {
    if (!rows.some((index) => index.name === name))
      findings.push(finding(name, 'is listed as a global name but does not exist'));
  }
  return findings;
}

function isGeneratedKey({ is_primary, columns }: UniqueIndex): boolean {
  return is_primary && columns.length === 1 && columns[0] === 'id';
}
