import { computed } from 'vue';
import { useI18n } from 'vue-i18n';

/** Who may see a product, with a sentence each. */
export function useVisibilities() {
  const { t } = useI18n();
  return computed(() =>
    (['public', 'developers'] as const).map((value) => ({
      value,
      label: t(`products.visibilities.${value}`),
      hint: t(`products.visibilityHints.${value}`),
    })),
  );
}
