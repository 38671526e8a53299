import { parser } from '@lezer/json';
import { pointerStep } from '../schema-form/json-schema.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}
interface Node extends Range {
  readonly name: string;
  readonly firstChild: Node | null;
  readonly nextSibling: Node | null;
}

/** Where everything of a JSON text stands. */
export interface JsonPlaces {
  /** By JSON Pointer; a member’s place is its name and its value. */
  readonly places: ReadonlyMap<string, Range>;
  /** The first place that is no JSON. */
  readonly fault: Range | undefined;
}

function childrenOf(node: Node): Node[] {
  const children: Node[] = [];
  for (let child = node.firstChild; child !== null; child = child.nextSibling) children.push(child);
  return children;
}

const isValue = ({ name }: Node): boolean => /^(?:Object|Array|String|Number|True|False|Null)$/.test(name);

function nameOf(text: string): string {
  try {
    return String(JSON.parse(text));
  } catch {
    return text;
  }
}

/** Reads a JSON text, a broken one too. */
export function jsonPlaces(text: string): JsonPlaces {
  const places = new Map<string, Range>();
  const visit = (node: Node, pointer: string): void => {
    const inner = childrenOf(node);
    if (node.name === 'Array')
      inner.filter(isValue).forEach((item, index) => {
        const at = pointer + pointerStep(index);
        places.set(at, { from: item.from, to: item.to });
        visit(item, at);
      });
    if (node.name !== 'Object') return;
    for (const property of inner.filter(({ name }) => name === 'Property')) {
      const parts = childrenOf(property);
      const name = parts.find((part) => part.name === 'PropertyName');
      if (name === undefined) continue;
      const at = pointer + pointerStep(nameOf(text.slice(name.from, name.to)));
      places.set(at, { from: property.from, to: property.to });
      const held = parts.find(isValue);
      if (held !== undefined) visit(held, at);
    }
  };
  const tree = parser.parse(text);
  let fault: Range | undefined;
  tree.iterate({
    enter: (node) => {
      if (node.type.isError) fault ??= { from: node.from, to: Math.max(node.to, node.from + 1) };
    },
  });
  const root = childrenOf(tree.topNode).find(isValue);
  if (root !== undefined) {
    places.set('', { from: root.from, to: root.to });
    visit(root, '');
  }
  return { places, fault };
}

/** The place of `pointer`, or of the nearest thing around it that is there. */
export function nearestPlace(places: ReadonlyMap<string, Range>, pointer: string): Range {
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const place = places.get(at);
    if (place !== undefined) return place;
  }
  const whole = places.get('');
  return whole === undefined ? { from: 0, to: 1 } : { from: whole.from, to: whole.from + 1 };
}
