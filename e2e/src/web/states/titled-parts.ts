import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'vue/compiler-sfc';
import type { Texts } from '../journey/texts.ts';

const root = join(import.meta.dirname, '../../../..');

/** What stands over a page or in the place of what is not there: these, and what is made of them and takes their title. */
const titled = /^(?:Ui(?:Dialog|DialogBare|Confirm|Delete|Drawer|Empty)|SlugDialog|ForcedDelete)$/;

/** A dialog, drawer, question or empty state in the source of a front-end. */
export interface TitledPart {
  /** Name of the Vue file, and of the component. */
  readonly where: string;
  /** Keys of the texts that can be its title; `*` stands for one step that is not known before it runs. */
  readonly keys: readonly string[];
  /** Its title is, or may be, a name and no text. */
  readonly isNamed: boolean;
}

type Node = {
  readonly type: number;
  readonly tag?: string;
  readonly props?: readonly Prop[];
  readonly children?: readonly Node[];
};
type Prop = {
  readonly type: number;
  readonly name: string;
  readonly arg?: { content?: string };
  readonly exp?: { content?: string };
};

/** Finds them all; those that only hand on a title of their own users are left out, as these are found where they are used. */
export function titledPartsOf(app: 'console' | 'portal'): TitledPart[] {
  return globSync(`apps/${app}/src/**/*.vue`, { cwd: root, exclude: (name) => name.endsWith('design') })
    .toSorted()
    .flatMap((file) => {
      const { descriptor } = parse(readFileSync(join(root, file), 'utf8'));
      const script = descriptor.scriptSetup?.content ?? '';
      return elementsOf(descriptor.template?.ast as Node | undefined)
        .filter(({ tag }) => titled.test(tag ?? ''))
        .flatMap((element) => {
          const part = titleOf(element, script);
          return part === undefined ? [] : [{ where: `${basename(file, '.vue')} ${element.tag}`, ...part }];
        });
    });
}

function elementsOf(node: Node | undefined): Node[] {
  return node === undefined ? [] : [node, ...(node.children ?? []).flatMap(elementsOf)];
}

function titleOf({ props = [] }: Node, script: string): Pick<TitledPart, 'keys' | 'isNamed'> | undefined {
  const bound = props.find(({ arg }) => arg?.content === 'title')?.exp?.content?.trim();
  if (bound === undefined) return { keys: [], isNamed: true };
  const expression = /^\w+$/.test(bound) ? declarationOf(bound, script) : bound;
  if (expression === undefined) return undefined;
  const keys = [...expression.matchAll(/'((?:\w+\.)+\w+)'|`((?:[\w.]|\$\{\w+\})+)`/g)].map(
    ([, plain, composed]) => plain ?? (composed ?? '').replaceAll(/\$\{\w+\}/g, '*'),
  );
  // A name, perhaps with a text until it is known.
  return { keys, isNamed: keys.length === 0 || /^[\w.?]+ \?\? /.test(expression) };
}

/** What a title is computed from; undefined for one that somebody else gives. */
function declarationOf(name: string, script: string): string | undefined {
  return new RegExp(String.raw`^const ${name} = computed\(([\s\S]*?)^\}?\);`, 'm').exec(script)?.[1];
}

/** Stands for whatever a text speaks of; no text has this in it. */
const anything = '\u{E000}';

/** What a text says, whatever stands at its places and however many it speaks of. */
export function patternOf(key: string, texts: Texts): RegExp {
  const forms = [0, 1, 2].map((count) =>
    texts(key, { n: anything, count: anything }, count)
      .replaceAll(/\{\w+\}/g, anything)
      .replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll(anything, '.+'),
  );
  return new RegExp(`^(?:${[...new Set(forms)].join('|')})$`);
}
