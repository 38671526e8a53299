import { onBeforeUnmount, ref } from 'vue';

/** The present time, in milliseconds, moving on so that “3 seconds ago” does. */
export function useNow(everyMs = 1_000) {
  const now = ref(Date.now());
  const timer = setInterval(() => (now.value = Date.now()), everyMs);
  onBeforeUnmount(() => clearInterval(timer));
  return now;
}
