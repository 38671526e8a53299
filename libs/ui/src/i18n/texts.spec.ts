import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../..');
const projects = ['libs/ui', 'apps/console', 'apps/portal'] as const;

type Texts = Map<string, string>;

function flatten(value: unknown, prefix: string, into: Texts): void {
  if (typeof value === 'string') into.set(prefix, value);
  else
    for (const [key, inner] of Object.entries(value as object))
      flatten(inner, prefix === '' ? key : `${prefix}.${key}`, into);
}

/** All texts of a project in one language. @throws Error when two files claim the same first key. */
function textsOf(project: string, language: string): Texts {
  const texts: Texts = new Map();
  const owners = new Map<string, string>();
  for (const path of globSync(`${project}/src/**/locales/${language}.json`, { cwd: root }).sort()) {
    const content = JSON.parse(readFileSync(join(root, path), 'utf8')) as object;
    for (const key of Object.keys(content)) {
      if (owners.has(key)) throw new Error(`${path} and ${owners.get(key)} both hold ${key}`);
      owners.set(key, path);
    }
    flatten(content, '', texts);
  }
  return texts;
}

/** Each value once: a language with one plural form names it once, another in every form. */
const placeholders = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name))].sort();

/** Keys written out in calls of `t` and in `keypath`; keys put together from parts are found missing by the browser suites. */
function usedKeys(project: string): Map<string, string> {
  const used = new Map<string, string>();
  for (const path of globSync(`${project}/src/**/*.{vue,ts}`, { cwd: root })) {
    if (path.endsWith('.spec.ts')) continue;
    const source = readFileSync(join(root, path), 'utf8');
    for (const [, key = ''] of source.matchAll(/\bt[ce]?\(\s*['"`]([\w.-]+)['"`]/g)) used.set(key, path);
    for (const [, key = ''] of source.matchAll(/\bkeypath="([\w.-]+)"/g)) used.set(key, path);
  }
  return used;
}

describe.each(projects)('texts of %s', (project) => {
  const english = textsOf(project, 'en');
  const chinese = textsOf(project, 'zh-CN');

  it('are there in both languages', () => {
    expect([...chinese.keys()].sort()).toEqual([...english.keys()].sort());
  });

  it('say the same things: each names the same values', () => {
    const unlike = [...english].filter(
      ([key, text]) => JSON.stringify(placeholders(text)) !== JSON.stringify(placeholders(chinese.get(key) ?? '')),
    );
    expect(unlike).toEqual([]);
  });

  it('are there for every key that a page names', () => {
    const known = new Set([...english.keys(), ...textsOf('libs/ui', 'en').keys()]);
    const missing = [...usedKeys(project)].filter(([key]) => !known.has(key) && !key.endsWith('.'));
    expect(missing).toEqual([]);
  });

  it('are not empty', () => {
    expect([...english, ...chinese].filter(([, text]) => text.trim() === '')).toEqual([]);
  });
});
