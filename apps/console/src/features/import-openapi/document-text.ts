/** Largest document that the server takes, in bytes. */
export const maxDocumentBytes = 20 * 1024 * 1024;

/** What a text seems to be, for colouring. */
export function languageOf(text: string): 'json' | 'yaml' {
  return /^\s*[{[]/.test(text) ? 'json' : 'yaml';
}

/** The line that a sentence names (“… at line 3, column 4”); undefined when it names none. */
export function lineIn(message: string): number | undefined {
  const [, line] = /\bline (\d+)/i.exec(message) ?? [];
  return line === undefined ? undefined : Number(line);
}

/** The character that a sentence names (“… at position 120”); undefined when it names none. */
export function positionIn(message: string): number | undefined {
  const [, position] = /\bposition (\d+)/i.exec(message) ?? [];
  return position === undefined ? undefined : Number(position);
}

/**
 * The line, from 1, where `pointer` stands in YAML written in block style; the line of the nearest thing around it that is found.
 * Undefined when not even its first step is.
 */
export function yamlLineOf(text: string, steps: readonly string[]): number | undefined {
  const lines = text.split('\n');
  let from = 0;
  let outer = -1;
  let found: number | undefined;
  for (const step of steps) {
    const at = findKey(lines, { step, from, outer });
    if (at === undefined) break;
    found = at.line + 1;
    from = at.line + 1;
    outer = at.indent;
  }
  return found;
}

function findKey(
  lines: readonly string[],
  { step, from, outer }: { step: string; from: number; outer: number },
): { line: number; indent: number } | undefined {
  const isPosition = /^\d+$/.test(step);
  let item = -1;
  let level: number | undefined;
  for (let line = from; line < lines.length; line += 1) {
    const text = lines[line] ?? '';
    if (text.trim() === '' || text.trimStart().startsWith('#')) continue;
    const indent = text.length - text.trimStart().length;
    const isItem = text.trimStart().startsWith('- ');
    if (indent < outer || (indent === outer && !(isPosition && isItem))) return undefined;
    level ??= indent;
    if (indent !== level) continue;
    if (isPosition && isItem) {
      item += 1;
      if (item === Number(step)) return { line, indent };
    }
    const [, key] = /^\s*(?:- )?["']?([^"':]+|[^"']+)["']?\s*:(?:\s|$)/.exec(text) ?? [];
    if (key === step) return { line, indent };
  }
  return undefined;
}
