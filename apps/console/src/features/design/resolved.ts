import { shallowRef } from 'vue';

/** What `read` resolves to, once it has. */
export function resolved<T>(read: () => Promise<T>) {
  const value = shallowRef<T>();
  void read().then((result) => (value.value = result));
  return value;
}
