import { type Plugin, readonly, ref } from 'vue';
import { createI18n } from 'vue-i18n';
import { readStored, writeStored } from '../theme/stored.ts';

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/** Nested texts by key. */
export interface Messages {
  [key: string]: string | Messages;
}

/** Loads the texts of an app in one language; its own chunk, so that nobody downloads the other. */
export type LoadMessages = (language: Language) => Promise<Messages>;

const storageKey = 'tollgate.language';
/** The language in use; changed by {@link useLanguage}. */
export const language = ref<Language>(initialLanguage());
let change: (next: Language) => Promise<void> = async () => undefined;

function initialLanguage(): Language {
  const wanted = readStored(storageKey) ?? navigator.language;
  return wanted.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

async function ownMessages(wanted: Language): Promise<Messages> {
  // Two statements: of two imports in one expression the bundler has both fetched.
  if (wanted === 'en') return (await import('../locales/en.json')).default;
  return (await import('../locales/zh-CN.json')).default;
}

/** The app's texts with those of the component library, in the language that was chosen or that the browser prefers. */
export async function createTexts(load: LoadMessages): Promise<Plugin> {
  const i18n = createI18n({
    legacy: false,
    locale: language.value,
    messages: {},
    missing: (locale, key) => {
      console.error(`missing text ${key} in ${locale}`);
      return key;
    },
  });
  const use = async (next: Language): Promise<void> => {
    if (!i18n.global.availableLocales.includes(next)) {
      const [own, apps] = await Promise.all([ownMessages(next), load(next)]);
      i18n.global.setLocaleMessage(next, { ...own, ...apps });
    }
    i18n.global.locale.value = next;
    document.documentElement.lang = next;
    language.value = next;
  };
  change = async (next) => {
    await use(next);
    writeStored(storageKey, next);
  };
  await use(language.value);
  return i18n;
}

/** The language in use, and how to change it without a reload. */
export function useLanguage() {
  return { language: readonly(language), setLanguage: (next: Language) => change(next) };
}

/** Joins the text files of one language; each has its own first key. */
export function joinTexts(files: Readonly<Record<string, Messages>>): Messages {
  return Object.assign({}, ...Object.values(files)) as Messages;
}
