import { type Language, type Sentences, sourceLanguage, type Translation } from './language.ts';
import { translatorOf } from './translator.ts';
import { chinese } from './zh-cn/index.ts';

/** Every sentence of problem documents and warnings, by language. */
export const translations: Readonly<Record<Translation, Sentences>> = { 'zh-CN': chinese };

const translators: Readonly<Record<Translation, (english: string) => string>> = {
  'zh-CN': translatorOf(chinese),
};

/** An English sentence of the server in the reader’s language; one that is not known stays English. */
export function translate(english: string, language: Language): string {
  return language === sourceLanguage ? english : translators[language](english);
}
