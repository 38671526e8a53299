import { onBeforeUnmount, onMounted, type Ref } from 'vue';

/** The browser asks before a reload or the end of the tab loses what is typed. */
export function useUnloadGuard(isDirty: Readonly<Ref<boolean>>): void {
  function ask(event: BeforeUnloadEvent): void {
    if (isDirty.value) event.preventDefault();
  }
  onMounted(() => window.addEventListener('beforeunload', ask));
  onBeforeUnmount(() => window.removeEventListener('beforeunload', ask));
}
