import type { PolicyType } from '@tollgate/contracts/rest/policy';
import type { z } from 'zod';

/** One policy type as this service needs it: what people read, and the schema its options are checked with. */
export interface CatalogueEntry extends PolicyType {
  readonly schema: z.ZodType;
}

/** Every policy type by name, in the order in which they run by default. */
export type PolicyCatalogue = ReadonlyMap<string, CatalogueEntry>;

export const POLICY_CATALOGUE = Symbol('policy-manager.policy-catalogue');
