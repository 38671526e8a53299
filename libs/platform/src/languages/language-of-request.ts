import { type Language, sourceLanguage } from '@tollgate/contracts/languages';
import Negotiator from 'negotiator';

/** Ranges of languages that browsers send, with the language that serves them; the first is for those who send none. */
const served = new Map<string, Language>([
  [sourceLanguage, sourceLanguage],
  ['zh-CN', 'zh-CN'],
  ['zh-Hans', 'zh-CN'],
  ['zh-Hans-CN', 'zh-CN'],
  ['zh', 'zh-CN'],
]);
const tags = [...served.keys()];

/** Headers of an answer whose texts are in the language that was asked for. */
export function languageHeaders(language: Language): Record<string, string> {
  return { 'content-language': language, vary: 'Accept-Language' };
}

/** The language that a caller wants most of those that are served (RFC 9110, Accept-Language); English when it wants none of them. */
export function languageOf(request: { readonly headers: Readonly<Record<string, unknown>> }): Language {
  const header = request.headers['accept-language'];
  if (typeof header !== 'string') return sourceLanguage;
  const chosen = new Negotiator({ headers: { 'accept-language': header } }).language(tags);
  return (chosen === undefined ? undefined : served.get(chosen)) ?? sourceLanguage;
}
