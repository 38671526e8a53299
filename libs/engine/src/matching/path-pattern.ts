/** A route's `uri`, split where its literal part ends. */
export interface PathPattern {
  readonly uri: string;
  /** Everything before the first parameter or wildcard. */
  readonly literal: string;
  /** True when the literal is the whole pattern. */
  readonly isExact: boolean;
  /** Checks what follows the literal and captures parameters; null when any remainder will do. */
  readonly remainder: RegExp | null;
}

/**
 * Reads APISIX's path patterns: `/a` is exact, `/a*` takes every path that starts with `/a`, `:name` takes one segment,
 * `*name` in a segment of its own takes the rest.
 */
export function parsePathPattern(uri: string): PathPattern {
  const path = encodeNonAscii(uri);
  if (path === '*') return { uri, literal: '', isExact: false, remainder: null };
  const special = findSpecial(path);
  if (special < 0) return { uri, literal: path, isExact: true, remainder: null };
  const literal = path.slice(0, special);
  const rest = path.slice(special);
  if (/^\*[^/]*$/.test(rest)) return { uri, literal, isExact: false, remainder: null };
  return { uri, literal, isExact: false, remainder: compileRemainder(rest) };
}

/** Position of the first `*`, or of the first `:` that begins a segment; −1 when all is literal. */
function findSpecial(path: string): number {
  const star = path.indexOf('*');
  const parameter = path.indexOf('/:');
  if (parameter < 0) return star;
  return star < 0 ? parameter + 1 : Math.min(star, parameter + 1);
}

function compileRemainder(rest: string): RegExp {
  const taken = new Set<string>();
  const parts = rest.split('/').map((segment) => {
    if (segment.startsWith(':')) return captured(segment.slice(1), '[^/]+', taken);
    if (segment.startsWith('*')) return captured(segment.slice(1), '.*', taken);
    return segment.split('*').map(escapeRegExp).join('.*');
  });
  return new RegExp(`^${parts.join('/')}$`, 's');
}

/** Captures under the name; one that cannot be a name, or is taken already, only matches. */
function captured(name: string, expression: string, taken: Set<string>): string {
  if (!/^[A-Za-z_]\w*$/.test(name) || taken.has(name)) return `(?:${expression})`;
  taken.add(name);
  return `(?<${name}>${expression})`;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

function encodeNonAscii(uri: string): string {
  return uri.replace(/[^\x21-\x7e]+/g, (run) => encodeURIComponent(run));
}
