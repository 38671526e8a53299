import { useQuery } from '@tanstack/vue-query';
import { api, dataOf } from '@tollgate/ui';
import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useSiteSlug } from '../../app/site.ts';
import type { Subscription } from './use-subscriptions.ts';

const mostListed = 200;

/** Names of the products and plans that subscriptions refer to. What is no longer on sale has lost its name here. */
export function useProductNames() {
  const { t } = useI18n();
  const siteSlug = useSiteSlug();
  const { data: products } = useQuery({
    queryKey: computed(() => ['products', siteSlug.value, 'names']),
    queryFn: ({ signal }) =>
      dataOf(
        api.GET('/api/v1/portal/{siteSlug}/products', {
          params: { path: { siteSlug: siteSlug.value }, query: { limit: mostListed } },
          signal,
        }),
      ),
    select: ({ items }) => new Map(items.map((product) => [product.id, product])),
    staleTime: 60_000,
  });

  return {
    product: (productId: string): string =>
      products.value === undefined ? '…' : (products.value.get(productId)?.name ?? t('subscriptions.offSale')),
    plan({ productId, planId }: Pick<Subscription, 'productId' | 'planId'>): string {
      if (products.value === undefined) return '…';
      const plan = products.value.get(productId)?.plans.find(({ id }) => id === planId);
      return plan?.name ?? t('subscriptions.planRetired');
    },
  };
}
