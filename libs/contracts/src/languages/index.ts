export { type Language, languages, type Sentences, sourceLanguage, type Translation } from './language.ts';
export { translate, translations } from './translate.ts';
export { translatorOf } from './translator.ts';
