import { useQuery } from '@tanstack/vue-query';
import { type RefusedPlace, TollgateError } from '@tollgate/client';
import type { components } from '@tollgate/client';
import { api, dataOf, usePages } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { useSession } from '../../app/session.ts';
import { countOf } from './change-text.ts';

export type DraftChange = components['schemas']['DraftChange'];
export type RevisionChange = components['schemas']['RevisionChange'];

/** Which part of a group: one workspace, or all of it. */
export interface Part {
  readonly groupId: string;
  readonly workspaceId: string | undefined;
}

/** What of the draft differs from the revision in force, page by page. */
export function useChanges(part: MaybeRefOrGetter<Part>) {
  return usePages({
    key: () => ['changes', toValue(part).groupId, toValue(part).workspaceId ?? 'all'],
    read: ({ cursor, signal }) => {
      const { groupId, workspaceId } = toValue(part);
      const query = { limit: 100, ...(cursor ? { cursor } : {}), ...(workspaceId ? { workspaceId } : {}) };
      return dataOf(api.GET('/api/v1/gateway-groups/{groupId}/diff', { params: { path: { groupId }, query }, signal }));
    },
    refetchInterval: 10_000,
  });
}

/** What publishing would do, or why it would be refused. */
export interface PublishCheck {
  /** Nothing when it would be refused. */
  readonly changes: readonly RevisionChange[] | undefined;
  readonly changed: number;
  /** Why it would be refused. */
  readonly error: TollgateError | undefined;
}

/** Plays the publish without effect, so that whoever looks at the changes sees what is wrong before publishing. */
export function usePublishCheck(part: MaybeRefOrGetter<Part>, baseRevision: MaybeRefOrGetter<number | undefined>) {
  const { may } = useSession();
  return useQuery({
    queryKey: computed(
      () =>
        ['changes', toValue(part).groupId, 'check', toValue(part).workspaceId ?? 'all', toValue(baseRevision)] as const,
    ),
    // From the key alone: what is asked is what it is kept under, also when the page has moved on.
    queryFn: async ({ signal, queryKey: [, groupId, , workspaceId, base = 1] }): Promise<PublishCheck> => {
      try {
        const { changes, changed } = await dataOf(
          api.POST('/api/v1/gateway-groups/{groupId}/publish', {
            params: { path: { groupId }, query: { dryRun: 'true' } },
            body: { baseRevision: base, note: '', ...(workspaceId === 'all' ? {} : { workspaceId }) },
            signal,
          }),
        );
        return { changes, changed: countOf({ changes, changed }), error: undefined };
      } catch (error) {
        if (error instanceof TollgateError && error.status === 409) return { changes: undefined, changed: 0, error };
        throw error;
      }
    },
    enabled: computed(() => may('config.publish') && toValue(baseRevision) !== undefined),
  });
}

/** A place that the server refused, by the resource it is in. */
export interface ResourceFault {
  readonly kind: string;
  readonly id: string;
  /** Within the resource; empty for all of it. */
  readonly path: string;
  readonly message: string;
}

/** `/route/orders/uri` is in the route `orders` at `/uri`. */
export function faultsOf(places: readonly RefusedPlace[]): ResourceFault[] {
  return places.map(({ pointer, message }) => {
    const [, kind = '', id = '', ...rest] = pointer.split('/');
    return { kind, id, path: rest.join('/'), message };
  });
}
