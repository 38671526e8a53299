import { keyFieldOf, readOperations, sampleOf, serverOf } from '@tollgate/ui';
import { computed } from 'vue';
import { calledAt, type Product, useReference } from '../product/use-product.ts';

/** A `curl` line that calls the product with a key: an operation of its reference that needs nothing else, or its address. */
export function useFirstCall(product: () => Product | undefined) {
  const { data: document } = useReference(() => (product()?.reference ? product()?.id : undefined));
  return computed(() => {
    const wanted = product();
    if (wanted === undefined) return undefined;
    const operations = document.value === undefined ? [] : readOperations(document.value);
    const simple = operations.find(
      ({ method, path, parameters }) =>
        method === 'GET' && !path.includes('{') && parameters.every(({ required }) => !required),
    );
    const server = serverOf(document.value, calledAt(wanted));
    if (server === undefined) return undefined;
    const field = document.value === undefined ? 'apikey' : keyFieldOf(document.value);
    return (key: string): string =>
      sampleOf('curl', {
        method: 'GET',
        url: `${server}${simple?.path ?? '/'}`,
        headers: [{ name: field, value: key }],
        body: undefined,
      });
  });
}
