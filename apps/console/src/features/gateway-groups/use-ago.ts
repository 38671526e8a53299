import { useFormat } from '@tollgate/ui';
import { onBeforeUnmount, ref } from 'vue';

/** “3 seconds ago”, moving on by itself. A moment that another clock puts into the future is now. */
export function useAgo(everyMs = 1_000): (iso: string) => string {
  const format = useFormat();
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), everyMs);
  onBeforeUnmount(() => clearInterval(timer));
  return (iso) => format.ago(iso, Math.max(now.value, Date.parse(iso)));
}
