import { computed, readonly, ref } from 'vue';
import { readStored, writeStored } from './stored.ts';

/** What a person chose; `system` follows the machine. */
export type ThemeChoice = 'system' | 'light' | 'dark';

const storageKey = 'tollgate.theme';
const machineIsDark = matchMedia('(prefers-color-scheme: dark)');
const choice = ref<ThemeChoice>(readChoice());
const isMachineDark = ref(machineIsDark.matches);
const theme = computed(() => (choice.value === 'system' ? (isMachineDark.value ? 'dark' : 'light') : choice.value));

machineIsDark.addEventListener('change', ({ matches }) => {
  isMachineDark.value = matches;
  apply();
});

function readChoice(): ThemeChoice {
  const stored = readStored(storageKey);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

function apply(): void {
  document.documentElement.dataset.theme = theme.value;
}

/** Light or dark: the choice, what it comes to, and how to change it. */
export function useTheme() {
  return {
    choice: readonly(choice),
    theme: readonly(theme),
    setTheme(next: ThemeChoice) {
      choice.value = next;
      writeStored(storageKey, next);
      apply();
    },
  };
}

/** To be called once when an app starts. */
export function startTheme(): void {
  apply();
}
