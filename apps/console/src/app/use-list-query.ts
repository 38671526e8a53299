import { customRef, type Ref } from 'vue';
import { useRoute, useRouter } from 'vue-router';

/** A filter that stands in the address, so that what is found can be linked to. Empty ones are left out. */
export function useListQuery(name: string): Ref<string> {
  const route = useRoute();
  const router = useRouter();
  return customRef((track, trigger) => {
    let value = typeof route.query[name] === 'string' ? route.query[name] : '';
    return {
      get() {
        track();
        return value;
      },
      set(next: string | undefined) {
        value = next ?? '';
        trigger();
        const { [name]: _, ...others } = router.currentRoute.value.query;
        void router.replace({ query: value === '' ? others : { ...others, [name]: value } });
      },
    };
  });
}
