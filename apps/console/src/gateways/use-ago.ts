import { useFormat } from '@tollgate/ui';
import { onBeforeUnmount, ref } from 'vue';

/** What clocks may differ by without anybody being told. */
const toleranceMs = 60_000;

/** “3 seconds ago”, moving on by itself. A moment that another clock puts a little into the future is now. */
export function useAgo(everyMs = 1_000): (iso: string) => string {
  const format = useFormat();
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), everyMs);
  onBeforeUnmount(() => clearInterval(timer));
  return (iso) => {
    const ahead = Date.parse(iso) - now.value;
    return format.ago(iso, ahead > 0 && ahead < toleranceMs ? now.value + ahead : now.value);
  };
}
