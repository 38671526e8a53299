import type { Call } from '@tollgate/engine';

/** A text after its variables were put in. */
export interface Expanded {
  readonly text: string;
  /** How many variables had a value. */
  readonly resolved: number;
}

/** Puts variables (`$name` or `${name}`) into a text; those without a value become empty. */
export function expandVariables(template: string, call: Call): Expanded {
  if (!template.includes('$')) return { text: template, resolved: 0 };
  let resolved = 0;
  const text = template.replace(/\$(?:\{(\w+)\}|([A-Za-z_]\w*))/g, (_, braced?: string, bare?: string) => {
    const value = call.variable(braced ?? bare ?? '');
    if (value !== undefined) resolved++;
    return value ?? '';
  });
  return { text, resolved };
}
