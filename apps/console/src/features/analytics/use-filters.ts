import { computed, ref, watch } from 'vue';
import { useRoute, useRouter } from 'vue-router';
import { type Range, ranges, spanOf } from '../../reports/ranges.ts';

/** What narrows a report; each is a parameter of the page's address, so that a view can be sent to somebody. */
export type FilterName = 'groupId' | 'routeId' | 'productId' | 'subscriptionId' | 'statusClass' | 'tries';

const names: readonly FilterName[] = ['groupId', 'routeId', 'productId', 'subscriptionId', 'statusClass', 'tries'];
/** First digits of the statuses that can be looked at alone. */
export const statusClasses = ['2xx', '3xx', '4xx', '5xx'] as const;

/** Requests that people tried can be left out of calls, or looked at alone. */
export const triesChoices = ['excluded', 'only'] as const;

const refreshMs = 60_000;

/** The filters of the page, kept in its address. */
export function useFilters() {
  const route = useRoute();
  const router = useRouter();
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), refreshMs);
  watch(
    () => route.query.range,
    () => (now.value = Date.now()),
  );

  const range = computed<Range>(() => ranges.find((one) => one === route.query.range) ?? '24h');
  const span = computed(() => spanOf(range.value, now.value));
  const chosen = computed(() => {
    const found: Partial<Record<FilterName, string>> = {};
    for (const name of names) {
      const value = route.query[name];
      if (typeof value === 'string' && value !== '') found[name] = value;
    }
    const statusClass = statusClasses.find((one) => one === found.statusClass);
    const tries = triesChoices.find((one) => one === found.tries);
    return { ...found, statusClass, tries };
  });
  /** Time and filters as every report of the page takes them. */
  const base = computed(() => ({ from: span.value.from, to: span.value.to, ...chosen.value }));

  function set(name: FilterName | 'range', value: string | undefined): void {
    const { [name]: _, ...others } = route.query;
    // A route or subscription belongs to the group or product that it was chosen in.
    if (name === 'groupId') delete others.routeId;
    if (name === 'productId') delete others.subscriptionId;
    void router.replace({ query: value === undefined ? others : { ...others, [name]: value } });
  }

  return { range, span, chosen, base, set, stop: () => clearInterval(timer) };
}
