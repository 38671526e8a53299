import type { Language } from './index.ts';

/**
 * The `lang` of words that the page did not write: servers and parsers of documents speak English where there is no translation, and readers
 * should pronounce it as such. Undefined where the words are in the page’s language, or in none.
 */
export function spokenLanguage(text: string, page: Language): 'en' | undefined {
  if (page === 'en' || /\p{Script=Han}/u.test(text)) return undefined;
  return /\p{Script=Latin}/u.test(text) ? 'en' : undefined;
}
