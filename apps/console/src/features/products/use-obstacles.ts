import { computed } from 'vue';
import { useI18n } from 'vue-i18n';
import { useGroups } from '../../app/use-group.ts';
import type { Product } from './products.ts';

interface Place {
  readonly pointer: string;
  readonly message: string;
}

const mostReasons = 8;

/** What a product needs before it can be on sale, in the order in which people do it, with what the server misses at each. */
export function useObstacles(candidate: () => { product: Product; places: readonly Place[] }) {
  const { t } = useI18n();
  const { data: groups } = useGroups();

  function reasonOf(product: Product, { pointer, message }: Place): string {
    const [, bindingAt, routeAt] = /^\/bindings\/(\d+)(?:\/routeIds\/(\d+))?/.exec(pointer) ?? [];
    const binding = product.bindings[Number(bindingAt)];
    if (binding === undefined) return message;
    const group = groups.value?.find(({ id }) => id === binding.groupId)?.name ?? binding.groupId;
    const route = binding.routeIds[Number(routeAt)];
    if (route === undefined) return t('products.checks.groupGone', { group });
    const isKeyless = message.includes('no key');
    return t(isKeyless ? 'products.checks.routeOpen' : 'products.checks.routeUnpublished', { route, group });
  }

  return computed(() => {
    const { product, places } = candidate();
    const step = (key: string, route: string, isOf: (place: Place) => boolean) => {
      const own = places.filter(isOf);
      const reasons = own
        .filter(({ pointer }) => pointer.startsWith('/bindings/'))
        .map((place) => reasonOf(product, place));
      const rest = reasons.length - mostReasons;
      return {
        key,
        route,
        isDone: own.length === 0,
        wayThere: t(`products.ways.${key}`),
        title: t(`products.${own.length === 0 ? 'checks' : 'lacks'}.${key}`),
        reasons: rest > 0 ? [...reasons.slice(0, mostReasons), t('products.checks.rest', { n: rest }, rest)] : reasons,
      };
    };
    const isKey = ({ message }: Place): boolean => message.includes('no key');
    const routes = step('routes', 'product-routes', ({ pointer }) => pointer === '/bindings');
    const ofRoutes = [
      step('inForce', 'product-routes', (place) => place.pointer.startsWith('/bindings/') && !isKey(place)),
      step('keys', 'product-plans', (place) => place.pointer.startsWith('/bindings/') && isKey(place)),
    ];
    return [
      routes,
      // Nothing can be said of routes that are not there.
      ...(routes.isDone ? ofRoutes : []),
      step('plans', 'product-plans', ({ pointer }) => pointer === '/plans'),
    ];
  });
}
