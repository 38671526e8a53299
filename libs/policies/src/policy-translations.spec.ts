import { describe, expect, it } from 'vitest';
import { policyCatalogue } from './catalogue.ts';
import type { OptionTexts, PolicyTexts } from './policy-texts.ts';
import { policyTranslations } from './policy-translations.ts';
import { mapOptions, type Schema } from './schema-texts.ts';

/** English of every option by its path; undefined where it is not described. */
function optionsOf(schema: Schema): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  mapOptions(schema, (path, option) => {
    found[path] = option['description'];
    return option;
  });
  return found;
}

const sources = (texts: Readonly<Record<string, OptionTexts>> = {}): Record<string, unknown> =>
  Object.fromEntries(Object.entries(texts).map(([path, { of }]) => [path, of]));

const english = policyCatalogue();

describe.each(Object.entries(policyTranslations))('policies in %s', (language, translations) => {
  it('are all translated, and no others', () => {
    expect(Object.keys(translations)).toEqual(english.map(({ name }) => name));
  });

  it.each(english)('have every text of $name, made of the English of today', (entry) => {
    const texts = translations[entry.name] as PolicyTexts;
    expect(texts.title.of).toBe(entry.title);
    expect(texts.description.of).toBe(entry.description);
    expect(sources(texts.options)).toEqual(optionsOf(entry.schema));
    expect(sources(texts.credential)).toEqual(entry.credentialSchema === null ? {} : optionsOf(entry.credentialSchema));
  });

  it.each(english)('explain what English explains of $name, and name the same code', (entry) => {
    const { title, description, options, credential = {} } = translations[entry.name] as PolicyTexts;
    const code = (text: string): string[] => [...text.matchAll(/`[^`]+`/g)].map(([quoted]) => quoted).sort();
    for (const text of [title, description, ...Object.values({ ...options, ...credential })]) {
      expect(text.is === undefined).toBe(text.of === undefined);
      expect(code(text.is ?? '')).toEqual(code(text.of ?? ''));
    }
  });

  it('change nothing but texts', () => {
    const bare = (schema: Schema | null): unknown =>
      schema && mapOptions(schema, (_path, { title: _title, description: _description, ...option }) => option);
    const shapeOf = ({ title: _title, description: _description, ...entry }: (typeof english)[number]) => ({
      ...entry,
      schema: bare(entry.schema),
      credentialSchema: bare(entry.credentialSchema),
    });
    expect(policyCatalogue(language as 'zh-CN').map(shapeOf)).toEqual(english.map(shapeOf));
  });

  it('are what the catalogue shows', () => {
    const limit = policyCatalogue(language as 'zh-CN').find(({ name }) => name === 'limit-count');
    expect(limit?.title).toBe(translations['limit-count']?.title.is);
    expect(limit?.schema).toMatchObject({
      properties: { count: { title: translations['limit-count']?.options['count']?.title, type: 'integer' } },
    });
  });
});
