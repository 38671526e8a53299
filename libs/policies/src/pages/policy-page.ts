import { createHash } from 'node:crypto';
import { type Language, sourceLanguage, translate } from '@tollgate/contracts/languages';
import type { AnyPolicy } from '@tollgate/engine';
import { z } from 'zod';
import { policyTranslations } from '../policy-translations.ts';
import { withTexts } from '../schema-texts.ts';
import { type PageWords, pageWords } from './page-words.ts';

/** Path of a policy's page below `libs/policies`. */
export function policyPagePath(name: string, language: Language): string {
  return `src/${name}/${name}${language === sourceLanguage ? '' : `.${language.toLowerCase()}`}.md`;
}

/** The page with its generated parts, between the markers, as they should be now. Throws when a marker is missing. */
export function renderPolicyPage(policy: AnyPolicy, page: string, language: Language): string {
  return replacePart(
    replacePart(page, 'options', optionTable(policy, language)),
    'errors',
    errorTable(policy, language),
  );
}

/**
 * Names what people wrote of a page: its text without the generated parts. A translation carries the name of the English text that it says
 * as `<!-- of: … -->`, so that a test finds the translation that has fallen behind.
 */
export function nameOfText(page: string): string {
  const written = replacePart(replacePart(page, 'options', ''), 'errors', '');
  return createHash('sha256').update(written).digest('hex').slice(0, 12);
}

function optionTable({ name, schema }: AnyPolicy, language: Language): string {
  const english = z.toJSONSchema(schema, { io: 'input' });
  const texts = language === sourceLanguage ? {} : policyTranslations[language][name]?.options;
  const { properties = {}, required = [] } = withTexts(english, texts) as JsonSchema;
  const words = pageWords[language];
  const rows = Object.entries(properties).map(([option, property]) => {
    const shape = typeof property === 'boolean' ? {} : property;
    const byDefault = defaultOf(shape, required.includes(option), words);
    return [`\`${option}\``, typeOf(shape, words), byDefault, shape.description ?? ''];
  });
  return table(words.optionHead, rows);
}

function errorTable({ errors }: AnyPolicy, language: Language): string {
  const words = pageWords[language];
  if (errors.length === 0) return words.noErrors;
  const rows = errors.map(({ code, status, title }) => [`\`${code}\``, String(status), translate(title, language)]);
  return table(words.errorHead, rows);
}

type JsonSchema = z.core.JSONSchema.JSONSchema;

function typeOf({ type, enum: values, anyOf, items }: JsonSchema, { types, listOf, or }: PageWords): string {
  const word = (name: string): string => types[name] ?? name;
  if (values !== undefined) return values.map((value) => `\`${String(value)}\``).join(', ');
  if (anyOf !== undefined) return word('object');
  if (type === 'array' && typeof items === 'object' && !Array.isArray(items) && items.type !== undefined) {
    return listOf(word(String(items.type)));
  }
  if (Array.isArray(type)) return type.map(word).join(or);
  return type === 'array' ? word('list') : word(String(type ?? 'any'));
}

function defaultOf(option: JsonSchema, isRequired: boolean, { needed }: PageWords): string {
  if (isRequired) return needed;
  return option.default === undefined ? '' : `\`${JSON.stringify(option.default)}\``;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function replacePart(page: string, part: string, content: string): string {
  const [begin, end] = [`<!-- ${part}:begin -->`, `<!-- ${part}:end -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}
