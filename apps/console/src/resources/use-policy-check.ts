import { checkerOf, isObject, type JsonSchema, withoutReferences } from '@tollgate/ui';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { type PolicyType, usePolicyTypes } from '../policy-editing/use-templates.ts';
import type { ResourceValue } from './resource.ts';

/** The policies that an object holds itself, options by type. */
export function pluginsOf({ plugins }: ResourceValue): Record<string, ResourceValue> {
  if (!isObject(plugins)) return {};
  return Object.fromEntries(
    Object.entries(plugins).filter((entry): entry is [string, ResourceValue] => isObject(entry[1])),
  );
}

/** Whether a policy tells who calls: on a consumer its options are the credential. */
export function isAuthentication({ credentialSchema }: Pick<PolicyType, 'credentialSchema'>): boolean {
  return credentialSchema !== null;
}

/** Holds an object’s policies against the catalogue, which the schema of the object does not know. @returns refusals by pointer. */
export function usePolicyCheck() {
  const { t } = useI18n();
  const { data: types } = usePolicyTypes();
  const checkers = computed(
    () =>
      new Map(
        (types.value ?? [])
          .filter((type) => !isAuthentication(type))
          .map(({ name, optionsSchema }) => [name, checkerOf(withoutReferences(optionsSchema as JsonSchema))]),
      ),
  );
  return (value: ResourceValue): Record<string, string> => {
    const refusals: Record<string, string> = {};
    for (const [name, options] of Object.entries(pluginsOf(value))) {
      for (const { pointer, reason, values } of checkers.value.get(name)?.(options) ?? [])
        refusals[`/plugins/${name}${pointer}`] = t(`ui.schema.refused.${reason}`, values);
    }
    return refusals;
  };
}
