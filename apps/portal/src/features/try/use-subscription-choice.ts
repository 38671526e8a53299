import { computed, type Ref, ref, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import type { Product } from '../product/use-product.ts';
import { useSubscriptions } from '../subscriptions/use-subscriptions.ts';

const withoutKey = 'none';

/** Under which of one's own subscriptions a product is tried; without any where a plan needs no key. */
export function useSubscriptionChoice(product: Ref<Product | undefined>) {
  const { t } = useI18n();
  const { live, isPending } = useSubscriptions();
  const choice = ref<string>();
  const subscriptionId = computed(() => (choice.value === withoutKey ? undefined : choice.value));

  const usable = computed(() =>
    live.value.filter(({ productId, state }) => productId === product.value?.id && state === 'approved'),
  );
  const isKeyless = computed(() => product.value?.plans.some(({ keyless }) => keyless) === true);
  const options = computed(() => [
    ...usable.value.map(({ id, applicationName: application, planName: plan }) => ({
      value: id,
      label: t('try.subscription', { application, plan }),
    })),
    ...(isKeyless.value ? [{ value: withoutKey, label: t('try.withoutKey') }] : []),
  ]);

  watch(options, ([first]) => (choice.value ??= first?.value), { immediate: true });

  return { choice, subscriptionId, options, isPending, hasAccess: computed(() => options.value.length > 0) };
}
