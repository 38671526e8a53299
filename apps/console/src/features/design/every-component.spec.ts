import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../../../../..');

/** Components that are seen on the page only as parts of others, and of which. */
const partOf: Readonly<Record<string, string>> = {
  UiRoot: 'around every app',
  UiSessionLost: 'over every page whose session has ended; there is nothing to see of it before',
  UiBottomBar: 'at the lower edge of pages that are one long form; two of them would lie over each other',
  UiLength: 'below UiDocumentEditor and UiMarkdownEditor',
  UiJsonValue: 'the right half of UiSchemaEditor',
  UiSchemaForm: 'the left half of UiSchemaEditor',
  UiPairs: 'the query and the headers of UiRequestEditor',
};

const exported = [
  ...readFileSync(join(root, 'libs/ui/src/index.ts'), 'utf8').matchAll(/export \{ default as (\w+) \}/gu),
].map(([, name = '']) => name);
const templates = globSync('*.vue', { cwd: import.meta.dirname })
  .map((file) => readFileSync(join(import.meta.dirname, file), 'utf8'))
  .map((source) => source.slice(source.indexOf('<template>')))
  .join('\n');
const isShown = (name: string): boolean => new RegExp(String.raw`<${name}\b`, 'u').test(templates);

describe('the page of components', () => {
  it('shows every component of @tollgate/ui, but for those that are parts of others', () => {
    expect(exported.length).toBeGreaterThan(50);
    expect(exported.filter((name) => !isShown(name) && partOf[name] === undefined)).toEqual([]);
  });

  it('excuses none that it shows, or that there is no more', () => {
    expect(Object.keys(partOf).filter((name) => isShown(name) || !exported.includes(name))).toEqual([]);
  });
});
