import { TollgateError } from '@tollgate/client';
import { api, dataOf, ifMatch, isConflict, useObjectForm, useProblem, useToasts } from '@tollgate/ui';
import { useQueryClient } from '@tanstack/vue-query';
import { computed, ref, shallowRef, watch } from 'vue';
import { useI18n } from 'vue-i18n';
import { type Product, readProduct } from './products.ts';

type Reference = NonNullable<Product['reference']>;

/** The document that is written for a product: looked at by the server first, then saved for the product as it was read. */
export function useReferenceForm(product: () => Product) {
  const { t } = useI18n();
  const toasts = useToasts();
  const explain = useProblem();
  const queryClient = useQueryClient();
  /** What the server read in it, while it is the one that is written. */
  const looked = shallowRef<Reference>();
  const isLooking = ref(false);
  const base = shallowRef(product());

  function put(document: string, from: Product, dryRun: boolean): Promise<Product> {
    return dataOf(
      api.PUT('/api/v1/api-products/{productId}/reference', {
        params: { path: { productId: from.id }, query: dryRun ? { dryRun: 'true' } : {}, header: ifMatch(from) },
        body: { document },
      }),
    );
  }

  const form = useObjectForm({
    object: product,
    valuesOf: (from) => {
      base.value = from;
      return { document: '' };
    },
    reload: async () => (base.value = await readProduct(product().id)),
    save: async ({ document }, from) => {
      const saved = await put(document, from, false);
      queryClient.setQueryData(['api-products', saved.id], saved);
      toasts.success(t('products.reference.saved'));
      return saved;
    },
  });
  watch(
    () => form.values.document,
    () => {
      looked.value = undefined;
      form.failure.value = undefined;
      form.places.value = {};
    },
  );

  async function look(): Promise<void> {
    const { document } = form.values;
    form.failure.value = undefined;
    form.places.value = {};
    isLooking.value = true;
    try {
      const { reference } = await put(document, base.value, true);
      if (document === form.values.document) looked.value = reference ?? undefined;
    } catch (error) {
      form.hasConflict.value = isConflict(error);
      const places = error instanceof TollgateError ? error.places : [];
      form.places.value = Object.fromEntries(places.map(({ pointer, message }) => [pointer, message]));
      if (places.length === 0) form.failure.value = explain(error).sentence;
    } finally {
      isLooking.value = false;
    }
  }

  async function save(how: () => Promise<boolean> = form.submit): Promise<void> {
    if (await how()) form.discard();
  }

  /** What the server refused, by pointers into the document. */
  const refusals = computed(() =>
    Object.entries(form.places.value).map(([pointer, message]) => ({
      pointer: pointer.replace(/^\/document/u, ''),
      message,
    })),
  );

  return { form, looked, isLooking, refusals, look, save };
}
