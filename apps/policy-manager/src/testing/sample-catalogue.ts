import { z } from 'zod';
import type { CatalogueEntry, PolicyCatalogue } from '../policy-types/policy-catalogue.ts';

const entry = (
  name: string,
  priority: number,
  direction: CatalogueEntry['direction'],
  schema: z.ZodType,
): [string, CatalogueEntry] => [
  name,
  { name, title: name, description: '', priority, direction, shared: 'allowed', optionsSchema: {}, schema },
];

/** A small catalogue for unit suites. */
export const sampleCatalogue: PolicyCatalogue = new Map([
  entry('key-auth', 2500, 'inbound', z.looseObject({ header: z.string().default('apikey') })),
  entry('limit-count', 1002, 'inbound', z.looseObject({ count: z.number().int().positive() })),
  entry('data-mask', 900, 'outbound', z.looseObject({})),
  entry('logger', 400, 'both', z.looseObject({})),
]);
