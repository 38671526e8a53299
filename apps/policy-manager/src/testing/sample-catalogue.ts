import type { CatalogueEntry, PolicyCatalogue } from '../policy-types/policy-catalogue.ts';

const entry = (
  name: string,
  priority: number,
  direction: CatalogueEntry['direction'],
  faultsOf: CatalogueEntry['faultsOf'] = () => [],
): [string, CatalogueEntry] => {
  const type = {
    name,
    title: name,
    description: '',
    priority,
    direction,
    shared: 'allowed',
    optionsSchema: {},
    credentialSchema: null,
  } as const;
  return [name, { ...type, inLanguage: () => type, faultsOf }];
};

/** A small catalogue for unit suites. */
export const sampleCatalogue: PolicyCatalogue = new Map([
  entry('key-auth', 2500, 'inbound'),
  entry('limit-count', 1002, 'inbound', ({ count }) =>
    typeof count === 'number' ? [] : [{ pointer: '/count', message: 'must be a number' }],
  ),
  entry('data-mask', 900, 'outbound'),
  entry('logger', 400, 'both'),
]);
