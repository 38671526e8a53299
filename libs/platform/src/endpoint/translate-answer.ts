import { type Language, sourceLanguage, translate } from '@tollgate/contracts/languages';

/** The answer with the sentences at `pointers` (`*` = every entry of a list) in the reader’s language; what is not there is passed over. */
export function translateAt(answer: unknown, pointers: readonly string[] | undefined, language: Language): unknown {
  if (pointers === undefined || language === sourceLanguage) return answer;
  return pointers.reduce((present, pointer) => translated(present, pointer.split('/').slice(1), language), answer);
}

function translated(value: unknown, [step, ...rest]: readonly string[], language: Language): unknown {
  if (step === undefined) return typeof value === 'string' ? translate(value, language) : value;
  if (Array.isArray(value))
    return step === '*' ? value.map((entry: unknown) => translated(entry, rest, language)) : value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return value;
  return { ...value, [step]: translated((value as Record<string, unknown>)[step], rest, language) };
}
