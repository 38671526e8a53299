import type { components } from '@tollgate/client';
import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';

export type Product = components['schemas']['ApiProduct'];
export type ProductSummary = components['schemas']['ApiProductSummary'];
export type ProductBinding = components['schemas']['ProductBinding'];
export type Plan = components['schemas']['Plan'];
export type PlanVersion = components['schemas']['PlanVersion'];
export type PlanTerms = components['schemas']['PlanTerms'];
export type Price = components['schemas']['Price'];
export type Guide = components['schemas']['Guide'];

export const readProduct = (productId: string, signal?: AbortSignal): Promise<Product> =>
  dataOf(api.GET('/api/v1/api-products/{productId}', { params: { path: { productId } }, signal }));

export function useProduct(productId: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ['api-products', toValue(productId)]),
    queryFn: ({ signal }) => readProduct(toValue(productId), signal),
  });
}

/** A product has a few plans at most; all are read at once. */
const mostPlans = 200;

export function usePlans(productId: MaybeRefOrGetter<string>) {
  return useQuery({
    queryKey: computed(() => ['plans', toValue(productId)]),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/api-products/{productId}/plans', {
          params: { path: { productId: toValue(productId) }, query: { limit: mostPlans } },
          signal,
        }),
      ),
    select: ({ items }) => items,
  });
}

/** Prices of a plan version, the one that begins last first. */
export function usePrices(planVersionId: MaybeRefOrGetter<string>, enabled: MaybeRefOrGetter<boolean>) {
  return useQuery({
    queryKey: computed(() => ['prices', toValue(planVersionId)]),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/prices', {
          params: { query: { planVersionId: toValue(planVersionId), limit: mostPlans } },
          signal,
        }),
      ),
    select: ({ items }) => [...items].sort((a, b) => b.effectiveFrom.localeCompare(a.effectiveFrom)),
    enabled,
  });
}
