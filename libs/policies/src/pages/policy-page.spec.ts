import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { languages, sourceLanguage } from '@tollgate/contracts/languages';
import { describe, expect, it } from 'vitest';
import { policies } from '../registry.ts';
import { nameOfText, policyPagePath } from './policy-page.ts';

const library = join(import.meta.dirname, '../..');
const others = languages.filter((language) => language !== sourceLanguage);
const pages = policies.flatMap(({ name }) => others.map((language) => ({ name, language })));

describe('the pages of policies in other languages', () => {
  it.each(pages)('say in $language what the page of $name says in English today', ({ name, language }) => {
    const english = readFileSync(join(library, policyPagePath(name, sourceLanguage)), 'utf8');
    const translation = readFileSync(join(library, policyPagePath(name, language)), 'utf8');
    expect(translation.split('\n', 1)[0]).toBe(`<!-- of: ${nameOfText(english)} -->`);
  });

  it.each(pages)('name the same code in $language as in English: $name', ({ name, language }) => {
    const codeOf = (path: string): string[] =>
      [...readFileSync(join(library, path), 'utf8').matchAll(/`[^`\n]+`/g)].map(([code]) => code).sort();
    expect(codeOf(policyPagePath(name, language))).toEqual(codeOf(policyPagePath(name, sourceLanguage)));
  });
});
