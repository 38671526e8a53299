import type { FieldTexts } from '@tollgate/ui';

/** Labels and hints of gateway fields in the reader’s language: `resources.fields.<path joined by _>` or `resources.fields.<name>`, and `resources.hints.<path joined by _>`. */
export function resourceFieldTexts(t: (key: string) => string, te: (key: string) => boolean): FieldTexts {
  return (path) => {
    const name = path.at(-1) ?? '';
    const ownLabel = `resources.fields.${path.join('_')}`;
    const label = te(ownLabel) ? ownLabel : `resources.fields.${name}`;
    const hint = `resources.hints.${path.join('_')}`;
    return {
      ...(te(label) ? { label: t(label) } : {}),
      ...(te(hint) ? { hint: t(hint) } : {}),
    };
  };
}
