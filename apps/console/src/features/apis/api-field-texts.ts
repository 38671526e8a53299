import type { FieldTexts } from '@tollgate/ui';

/** Labels and hints of gateway fields in the reader’s language: `apis.fields.<path joined by _>` or `apis.fields.<name>`, and `apis.hints.<path joined by _>`. */
export function apiFieldTexts(t: (key: string) => string, te: (key: string) => boolean): FieldTexts {
  return (path) => {
    const name = path.at(-1) ?? '';
    const ownLabel = `apis.fields.${path.join('_')}`;
    const label = te(ownLabel) ? ownLabel : `apis.fields.${name}`;
    const hint = `apis.hints.${path.join('_')}`;
    return {
      ...(te(label) ? { label: t(label) } : {}),
      ...(te(hint) ? { hint: t(hint) } : {}),
    };
  };
}
