import type { components } from '@tollgate/client';
import { useQuery } from '@tanstack/vue-query';
import { api, dataOf, type Tone } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';

export type Subscription = components['schemas']['Subscription'];
export type Credential = components['schemas']['Credential'];

/** How a subscription stands, in a colour. */
export const stateTones: Readonly<Record<Subscription['state'], Tone>> = {
  pending: 'warning',
  approved: 'success',
  suspended: 'danger',
  refused: 'neutral',
  cancelled: 'neutral',
};

/** Names change rarely; they are asked for once per page. */
const staleTime = 60_000;

const named = <T>(
  key: string,
  id: MaybeRefOrGetter<string>,
  isKnown: MaybeRefOrGetter<boolean>,
  read: (id: string, signal: AbortSignal) => Promise<T>,
) =>
  useQuery({
    enabled: computed(() => toValue(isKnown)),
    queryKey: computed(() => [key, toValue(id)]),
    queryFn: ({ signal }) => read(toValue(id), signal),
    staleTime,
  });

export const useApplication = (id: MaybeRefOrGetter<string>, isKnown: MaybeRefOrGetter<boolean> = true) =>
  named('applications', id, isKnown, (applicationId, signal) =>
    dataOf(api.GET('/api/v1/applications/{applicationId}', { params: { path: { applicationId } }, signal })),
  );
export const useDeveloper = (id: MaybeRefOrGetter<string>, isKnown: MaybeRefOrGetter<boolean> = true) =>
  named('developers', id, isKnown, (developerId, signal) =>
    dataOf(api.GET('/api/v1/developers/{developerId}', { params: { path: { developerId } }, signal })),
  );
export const useProductName = (id: MaybeRefOrGetter<string>, isKnown: MaybeRefOrGetter<boolean> = true) =>
  named('api-products', id, isKnown, (productId, signal) =>
    dataOf(api.GET('/api/v1/api-products/{productId}', { params: { path: { productId } }, signal })),
  );
export const usePlan = (id: MaybeRefOrGetter<string>, isKnown: MaybeRefOrGetter<boolean> = true) =>
  named('plans', id, isKnown, (planId, signal) =>
    dataOf(api.GET('/api/v1/plans/{planId}', { params: { path: { planId } }, signal })),
  );
