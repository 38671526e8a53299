import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { computed, type Ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useGroups } from '../../app/use-group.ts';
import { useSession } from '../../app/session.ts';
import { useDirectory } from '../../gateways/use-directory.ts';
import { useDataPlanes } from '../../gateways/use-gateway-groups.ts';

interface Dependant {
  readonly kind: string;
  readonly id: string;
  readonly effect: string;
}

/** Sentences on what becomes of those who refer to something that is deleted, by the names people know them by. */
export function useDependantNames(isNeeded: Ref<boolean>): (dependant: Dependant) => string {
  const { t, te } = useI18n();
  const { may } = useSession();
  const { names } = useDirectory();
  const { data: groups } = useGroups();
  const { data: planes } = useDataPlanes();
  const { data: products } = useQuery({
    queryKey: ['api-products', 'names'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/v1/api-products', { params: { query: { limit: 200 } }, signal })),
    enabled: computed(() => isNeeded.value && may('portal.read')),
  });
  const known = computed(
    () =>
      new Map([
        ...names.value,
        ...[...(groups.value ?? []), ...(planes.value ?? []), ...(products.value?.items ?? [])].map(
          ({ id, name }) => [id, name] as const,
        ),
      ]),
  );
  return ({ kind, id, effect }) => {
    const key = `projects.force.${kind}.${effect}`;
    const name = known.value.get(id) ?? id;
    return te(key) ? t(key, { name }) : t('projects.force.other', { kind, name, effect });
  };
}
