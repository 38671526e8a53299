/** How a path of an OpenAPI document is matched by a gateway. */
export interface RoutePath {
  uri: string;
  /** Decides between paths that take the same call: what is literal earlier wins, as OpenAPI asks for. */
  priority: number;
  /** Regular expression over the whole path where parameters cover parts of a segment only. */
  expression: string | null;
}

const wholeParameter = /^\{[^{}]+\}$/;
const anyParameter = /\{[^{}]+\}/g;
/** Segments that count for the priority; base 4 keeps it a 31-bit number. */
const countedSegments = 12;
const weights = { literal: 2, partial: 1, parameter: 0 } as const;

type SegmentKind = keyof typeof weights;

/** Turns an OpenAPI path template into the path of a route: `/pets/{id}` → `/pets/:id`, `/v1/{+name}` → `/v1/*name`. */
export function toRoutePath(template: string): RoutePath {
  const names = new Set<string>();
  const segments = template.split('/').map((segment) => ({ segment, kind: kindOf(segment) }));
  const uri = segments
    .map(({ segment, kind }) => (kind === 'literal' ? segment : parameterOf(segment, names)))
    .join('/');
  const isPartial = segments.some(({ kind }) => kind === 'partial');
  return {
    uri,
    priority: uri === template ? 0 : priorityOf(segments.map(({ kind }) => kind)),
    expression: isPartial ? `^${segments.map(({ segment }) => expressionOf(segment)).join('/')}$` : null,
  };
}

function kindOf(segment: string): SegmentKind {
  if (wholeParameter.test(segment)) return 'parameter';
  const isPlain = !segment.includes('{') && !segment.includes('*') && !segment.startsWith(':');
  return isPlain ? 'literal' : 'partial';
}

/** A parameter's name in the router: word characters, once per path. */
function parameterOf(segment: string, taken: Set<string>): string {
  const inner = /\{([^{}]+)\}/.exec(segment)?.[1] ?? 'part';
  const isRest = wholeParameter.test(segment) && (inner.startsWith('+') || inner.endsWith('*'));
  const base = inner.replaceAll(/\W+/g, '_').replace(/^_+/, '').replace(/^(\d)/, 'p$1').replace(/_+$/, '') || 'part';
  let name = base;
  for (let count = 2; taken.has(name); count++) name = `${base}_${count}`;
  taken.add(name);
  return isRest ? `*${name}` : `:${name}`;
}

function expressionOf(segment: string): string {
  const literals = segment.split(anyParameter).map((literal) => literal.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return literals.join('[^/]+');
}

function priorityOf(kinds: readonly SegmentKind[]): number {
  const [, ...counted] = kinds.slice(0, countedSegments + 1);
  return Array.from({ length: countedSegments }, (_, index) => counted[index] ?? 'parameter').reduce(
    (sum, kind) => sum * 4 + weights[kind],
    0,
  );
}
