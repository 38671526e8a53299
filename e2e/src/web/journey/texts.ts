import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Variant } from '../variants.ts';

const root = join(import.meta.dirname, '../../../..');

/** Finds a text of a front-end by its key. @throws Error for a key that there is not. */
export interface Texts {
  (key: string, values?: Readonly<Record<string, string | number>>, count?: number): string;
  /** Of every text. */
  readonly keys: readonly string[];
}

type Tree = { readonly [key: string]: string | Tree };

/** What the pages of a front-end say in a language, read from the files that they are built from. */
export function textsOf(app: 'console' | 'portal', language: Variant['language']): Texts {
  const files = globSync(
    [
      'libs/ui/src/locales',
      `apps/${app}/src/locales`,
      `apps/${app}/src/*/locales`,
      `apps/${app}/src/features/*/locales`,
    ].map((folder) => `${folder}/${language}.json`),
    { cwd: root },
  );
  const trees = files.map((file) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Tree);
  // Each file has one first key, and no two have the same.
  const all: Tree = Object.fromEntries(trees.flatMap((tree) => Object.entries(tree)));
  const textOf = (key: string, values: Readonly<Record<string, string | number>> = {}, count = 1): string => {
    const found = key.split('.').reduce<string | Tree | undefined>(stepInto, all);
    if (typeof found !== 'string') throw new Error(`${app} has no text ${key} in ${language}`);
    const counted: Readonly<Record<string, string | number>> = { n: count, count, ...values };
    return formOf(found, count)
      .replaceAll(/\{(\w+)\}/g, (place, name: string) => String(counted[name] ?? place))
      .replaceAll(/\{'(.+?)'\}/g, '$1');
  };
  return Object.assign(textOf, { keys: keysIn(all) });
}

function keysIn(tree: Tree, above = ''): string[] {
  return Object.entries(tree).flatMap(([step, at]) =>
    typeof at === 'string' ? [`${above}${step}`] : keysIn(at, `${above}${step}.`),
  );
}

function stepInto(at: string | Tree | undefined, step: string): string | Tree | undefined {
  return typeof at === 'object' ? at[step] : undefined;
}

/** Forms stand as `one | many` or `none | one | many`. */
function formOf(text: string, count: number): string {
  const forms = text.split(' | ');
  const index = forms.length === 2 ? Number(count !== 1) : Math.min(count, 2);
  return forms[index] ?? text;
}
