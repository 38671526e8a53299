import { isNode, LineCounter, parseDocument } from 'yaml';
import { stepsOf } from '../schema-form/json-schema.ts';
import type { EditorLanguage } from './editor-language.ts';
import { jsonPlaces, nearestPlace } from './json-places.ts';

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A document that somebody wrote as JSON or YAML. */
export interface ReadDocument {
  /** Undefined while the text is neither. */
  readonly value: unknown;
  /** Where it stops being valid, and the parser’s own words where it has some. */
  readonly fault: (Range & { readonly line: number; readonly detail: string }) | undefined;
  /** Where what a JSON Pointer names stands, or the nearest thing around it. */
  readonly placeOf: (pointer: string) => Range;
}

/** What a text seems to be. */
export function documentLanguage(text: string): EditorLanguage & ('json' | 'yaml') {
  return /^\s*[{[]/u.test(text) ? 'json' : 'yaml';
}

/** Reads a text by what it seems to be. Nothing is thrown. */
export function readDocument(text: string): ReadDocument {
  return documentLanguage(text) === 'json' ? readJson(text) : readYaml(text);
}

function readJson(text: string): ReadDocument {
  const { places, fault } = jsonPlaces(text);
  const placeOf = (pointer: string): Range => nearestPlace(places, pointer);
  try {
    return { value: JSON.parse(text), fault: undefined, placeOf };
  } catch {
    const { from, to } = fault ?? { from: 0, to: 1 };
    return { value: undefined, fault: { from, to, line: text.slice(0, from).split('\n').length, detail: '' }, placeOf };
  }
}

/** Longest chain of aliases that is followed; more of them is how a short text becomes a huge value. */
const mostAliases = 100;

function readYaml(text: string): ReadDocument {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const placeOf = (pointer: string): Range => {
    for (let steps = stepsOf(pointer); steps.length > 0; steps = steps.slice(0, -1)) {
      const node = document.getIn(steps.map(asKey), true);
      if (isNode(node) && node.range) return { from: node.range[0], to: node.range[1] };
    }
    return { from: 0, to: 1 };
  };
  const [error] = document.errors;
  if (error !== undefined) {
    const [from, to] = error.pos;
    return { value: undefined, fault: { from, to, line: lines.linePos(from).line, detail: error.message }, placeOf };
  }
  try {
    return { value: document.toJS({ maxAliasCount: mostAliases }) as unknown, fault: undefined, placeOf };
  } catch (problem) {
    const detail = problem instanceof Error ? problem.message : '';
    return { value: undefined, fault: { from: 0, to: 1, line: 1, detail }, placeOf };
  }
}

/** Positions in lists are numbers, all else may be either: keys of answers are often written as numbers. */
function asKey(step: string): string | number {
  return /^\d+$/u.test(step) ? Number(step) : step;
}
