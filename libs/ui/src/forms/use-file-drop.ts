import { ref } from 'vue';
import { useI18n } from 'vue-i18n';
import { useFormat } from '../format/use-format.ts';

/** Lets a text file be dropped on a field. What is no text, or more than it may hold, is refused and what is written stays. */
export function useFileDrop(options: {
  isAllowed: () => boolean;
  mostCharacters: () => number | undefined;
  take: (text: string, name: string) => void;
}) {
  const { t } = useI18n();
  const format = useFormat();
  const isOver = ref(false);
  const failure = ref<string>();

  const hasFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false;

  async function read(file: File): Promise<void> {
    failure.value = undefined;
    const most = options.mostCharacters();
    // No text has more characters than bytes.
    const text = most !== undefined && file.size > 4 * most ? undefined : await file.text();
    if (text?.includes('\0')) failure.value = t('ui.file.noText', { name: file.name });
    else if (text === undefined || (most !== undefined && text.length > most))
      failure.value = t('ui.file.tooLong', { name: file.name, limit: format.number(most ?? 0) });
    else options.take(text, file.name);
  }

  const listeners = {
    // While it is on its way down: an editor inside would insert the file’s text where it is dropped.
    dragoverCapture: (event: DragEvent): void => {
      if (!hasFile(event) || !options.isAllowed()) return;
      event.preventDefault();
      event.stopPropagation();
      isOver.value = true;
    },
    dragleave: (): void => {
      isOver.value = false;
    },
    dropCapture: (event: DragEvent): void => {
      isOver.value = false;
      const file = event.dataTransfer?.files[0];
      if (file === undefined || !options.isAllowed()) return;
      event.preventDefault();
      event.stopPropagation();
      void read(file);
    },
  };
  return { isOver, failure, listeners, read };
}
