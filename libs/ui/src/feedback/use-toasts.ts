import { readonly, ref } from 'vue';

/** A short message about what just happened. */
export interface Toast {
  readonly id: number;
  readonly tone: 'success' | 'danger' | 'info';
  readonly text: string;
}

const mostAtOnce = 4;
const toasts = ref<Toast[]>([]);
let last = 0;

/** Messages that come and go; what somebody must not miss belongs in the page. */
export function useToasts() {
  const dismiss = (id: number): void => {
    toasts.value = toasts.value.filter((toast) => toast.id !== id);
  };
  const show = (tone: Toast['tone'], text: string): void => {
    last += 1;
    toasts.value = [...toasts.value, { id: last, tone, text }].slice(-mostAtOnce);
  };
  return {
    toasts: readonly(toasts),
    dismiss,
    success: (text: string) => show('success', text),
    failure: (text: string) => show('danger', text),
    info: (text: string) => show('info', text),
  };
}
