import { useQuery } from '@tanstack/vue-query';
import { api, type CalledAt, dataOf } from '@tollgate/ui';
import type { components } from '@tollgate/client';
import { computed, type MaybeRefOrGetter, toValue } from 'vue';
import { useRoute } from 'vue-router';
import { useSiteSlug } from '../../app/site.ts';

/** All that a product's page shows. */
export type Product = components['schemas']['ProductPage'];

/** Where its gateway groups take calls. */
export function calledAt(product: Product | undefined): CalledAt {
  return {
    hosts: product?.hosts ?? [],
    addresses: product?.gateways.flatMap(({ addresses }) => addresses) ?? [],
  };
}

/** A product on sale at the present site; by default the one in the address. */
export function useProduct(productId?: MaybeRefOrGetter<string | undefined>) {
  const route = useRoute();
  const siteSlug = useSiteSlug();
  const id = computed(() => toValue(productId) ?? String(route.params.productId ?? ''));
  return useQuery({
    queryKey: computed(() => ['products', siteSlug.value, id.value]),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/portal/{siteSlug}/products/{productId}', {
          params: { path: { siteSlug: siteSlug.value, productId: id.value } },
          signal,
        }),
      ),
    enabled: computed(() => id.value !== ''),
    staleTime: 30_000,
  });
}

/** The OpenAPI document of a product that has one. */
export function useReference(productId: MaybeRefOrGetter<string | undefined>) {
  const siteSlug = useSiteSlug();
  const id = computed(() => toValue(productId) ?? '');
  return useQuery({
    queryKey: computed(() => ['products', siteSlug.value, id.value, 'reference']),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/portal/{siteSlug}/products/{productId}/reference', {
          params: { path: { siteSlug: siteSlug.value, productId: id.value } },
          signal,
        }),
      ),
    enabled: computed(() => id.value !== ''),
    staleTime: 300_000,
  });
}
