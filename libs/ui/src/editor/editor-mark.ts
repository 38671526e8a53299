/** A place in the text that is refused. */
export interface EditorMark {
  /** Offset of its first character. */
  readonly from: number;
  /** Offset behind its last character. */
  readonly to: number;
  readonly message: string;
  /** What a parser says of it in its own English words. */
  readonly detail?: string | undefined;
}

/** The mark of a whole line, counted from 1; of the last line when there are fewer. */
export function markOfLine(text: string, line: number, message: string): EditorMark {
  const lines = text.split('\n');
  const at = Math.min(Math.max(line, 1), lines.length);
  const from = lines.slice(0, at - 1).reduce((sum, before) => sum + before.length + 1, 0);
  return { from, to: from + (lines[at - 1]?.length ?? 0), message };
}

/** The line, counted from 1, of the character at `offset`. */
export function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
