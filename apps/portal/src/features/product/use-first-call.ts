import { keyFieldOf, readOperations, sampleOf, serverOf } from '@tollgate/ui';
import { computed } from 'vue';
import { calledAt, type Product, useReference } from './use-product.ts';

/** Where a product is called, and a `curl` line that does: an operation of its reference that needs nothing but a key, or its address. */
export function useFirstCall(product: () => Product | undefined) {
  const { data: document } = useReference(() => (product()?.reference ? product()?.id : undefined));
  const keyField = computed(() => (document.value === undefined ? 'apikey' : keyFieldOf(document.value)));

  /** What paths of the reference are appended to, the one that samples use first. Empty when nobody says. */
  const addresses = computed(() => {
    const wanted = product();
    if (wanted === undefined) return [];
    const { hosts, addresses: known } = calledAt(wanted);
    const places =
      known.length > 0 ? known.map((address) => ({ hosts, addresses: [address] })) : [{ hosts, addresses: [] }];
    const servers = places.map((place) => serverOf(document.value, place));
    return [...new Set(servers.filter((server) => server !== undefined))];
  });

  /** The line; without a key for what needs none. */
  const firstCall = computed(() => {
    const wanted = product();
    const server = serverOf(document.value, calledAt(wanted));
    if (wanted === undefined || server === undefined) return undefined;
    const operations = document.value === undefined ? [] : readOperations(document.value);
    const simple = operations.find(
      ({ method, path, parameters }) =>
        method === 'GET' && !path.includes('{') && parameters.every(({ required }) => !required),
    );
    return (key: string | undefined): string =>
      sampleOf('curl', {
        method: 'GET',
        url: `${server}${simple?.path ?? '/'}`,
        headers: key === undefined ? [] : [{ name: keyField.value, value: key }],
        body: undefined,
      });
  });

  return { addresses, keyField, firstCall };
}
