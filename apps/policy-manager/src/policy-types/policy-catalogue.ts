import type { ResourceFault } from '@tollgate/contracts/gateway';
import { type Language, languages, sourceLanguage } from '@tollgate/contracts/languages';
import type { PolicyType } from '@tollgate/contracts/rest/policy';
import { policyCatalogue, validatePolicy } from '@tollgate/policies';

/** One policy type as this service needs it: what people read, and how its options are checked. */
export interface CatalogueEntry extends PolicyType {
  /** The same in a language; English where there is no translation. */
  readonly inLanguage: (language: Language) => PolicyType;
  /** Faults of options, `_meta` included, exactly as a data plane would find them; pointers are into the options. */
  faultsOf(options: Readonly<Record<string, unknown>>): ResourceFault[];
}

/** Every policy type by name, in the order in which they run by default. */
export type PolicyCatalogue = ReadonlyMap<string, CatalogueEntry>;

export const POLICY_CATALOGUE = Symbol('policy-manager.policy-catalogue');

/** The catalogue of this release. */
export function releasedCatalogue(): PolicyCatalogue {
  const byLanguage = new Map(languages.map((language) => [language, typesIn(language)]));
  return new Map(
    typesIn(sourceLanguage).map((type) => [
      type.name,
      {
        ...type,
        inLanguage: (language) => byLanguage.get(language)?.find(({ name }) => name === type.name) ?? type,
        faultsOf: (options) => validatePolicy(type.name, options),
      },
    ]),
  );
}

function typesIn(language: Language): PolicyType[] {
  return policyCatalogue(language).map(({ schema: optionsSchema, ...type }) => ({ ...type, optionsSchema }));
}
