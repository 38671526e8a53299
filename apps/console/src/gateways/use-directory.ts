import { useQuery } from '@tanstack/vue-query';
import type { components } from '@tollgate/client';
import { api, dataOf } from '@tollgate/ui';
import { computed } from 'vue';
import { useSession } from '../app/session.ts';

export type Project = components['schemas']['Project'];
export type Environment = components['schemas']['Environment'];

/** Projects and environments are few; one page of each. */
const mostListed = 200;

/** Every project and environment of the organisation, and their names by id. */
export function useDirectory() {
  const { may } = useSession();
  const enabled = computed(() => may('projects.read'));
  const projects = useQuery({
    queryKey: ['projects', 'all'],
    queryFn: ({ signal }) => dataOf(api.GET('/api/v1/projects', { params: { query: { limit: mostListed } }, signal })),
    select: ({ items }) => items,
    enabled,
    staleTime: 30_000,
  });
  const environments = useQuery({
    queryKey: ['environments', 'all'],
    queryFn: ({ signal }) =>
      dataOf(api.GET('/api/v1/environments', { params: { query: { limit: mostListed } }, signal })),
    select: ({ items }) => items,
    enabled,
    staleTime: 30_000,
  });
  const names = computed(
    () =>
      new Map([...(projects.data.value ?? []), ...(environments.data.value ?? [])].map(({ id, name }) => [id, name])),
  );
  /** “Shop / prd”; the part that is not known is left out. */
  function placeOf({ projectId, environmentId }: { projectId: string; environmentId: string }): string {
    return [names.value.get(projectId), names.value.get(environmentId)].filter(Boolean).join(' / ');
  }
  return { projects, environments, names, placeOf };
}
