import { computed, onScopeDispose, ref, type Ref, watch, type WritableComputedRef } from 'vue';
import { type RouteLocationNormalizedLoaded, type Router, useRoute, useRouter } from 'vue-router';

let pending: Record<string, string | undefined> | undefined;

/** Several filters that change at once change the address once. */
function write(router: Router, route: RouteLocationNormalizedLoaded, name: string, value: string | undefined): void {
  const page = route.name;
  if (pending === undefined) {
    queueMicrotask(() => {
      const changes = pending;
      pending = undefined;
      if (route.name === page) void router.replace({ query: { ...route.query, ...changes } });
    });
  }
  pending = { ...pending, [name]: value };
}

/** A filter that stands in the page's address, so that it survives a reload and can be sent to somebody. */
export function useAddress<T extends string = string>(name: string): WritableComputedRef<T | undefined> {
  const route = useRoute();
  const router = useRouter();
  return computed({
    get: () => {
      const value = route.query[name];
      return typeof value === 'string' && value !== '' ? (value as T) : undefined;
    },
    set: (value) => write(router, route, name, value),
  });
}

const pauseMs = 250;

/** A text that narrows a list: `typed` is what stands in the field, `value` follows in the address when the typing pauses. */
export function useAddressText(name: string): { typed: Ref<string>; value: WritableComputedRef<string | undefined> } {
  const value = useAddress(name);
  const typed = ref(value.value ?? '');
  let timer: ReturnType<typeof setTimeout> | undefined;
  onScopeDispose(() => clearTimeout(timer));

  watch(typed, (text) => {
    clearTimeout(timer);
    const wanted = text.trim() === '' ? undefined : text.trim();
    if (wanted !== value.value) timer = setTimeout(() => (value.value = wanted), pauseMs);
  });
  watch(value, (next) => {
    if ((next ?? '') !== typed.value.trim()) typed.value = next ?? '';
  });
  return { typed, value };
}
