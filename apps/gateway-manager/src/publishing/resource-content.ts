/**
 * SQL that reads a published resource's content by its key, one look-up a row. A join would leave the order to the planner, which knows
 * nothing of a tenant that came after the tables were last analysed, expects one row everywhere, and compares all rows with all rows.
 * @param published alias of `published_resources` in the query around it.
 */
export const contentOf = (published: string): string =>
  `(select c.value from contents c where c.tenant_id = ${published}.tenant_id and c.hash = ${published}.content_hash)`;
