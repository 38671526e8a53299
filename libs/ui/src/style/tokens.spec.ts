import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const css = readFileSync(join(import.meta.dirname, 'tokens.css'), 'utf8');
const themes = ['light', 'dark'] as const;
const accents = ['teal', 'blue', 'violet', 'rose', 'amber', 'green', 'slate'] as const;

/** Values of the rules that hold for one theme and accent, the later winning as in a browser. */
function tokens(theme: (typeof themes)[number], accent: (typeof accents)[number]): Record<string, string> {
  const isOwn = accent !== 'teal';
  const selectors = [':root', ...(isOwn ? [`\n[data-accent='${accent}']`] : [])];
  if (theme === 'dark') {
    selectors.push(
      `:root[data-theme='dark']`,
      ...(isOwn ? [`:root[data-theme='dark'] [data-accent='${accent}']`] : []),
    );
  }
  const values: Record<string, string> = {};
  for (const selector of selectors) {
    const start = css.indexOf(`${selector} {`);
    if (start === -1) throw new Error(`tokens.css has no rule ${selector}`);
    const body = css.slice(start, css.indexOf('}', start));
    for (const [, name = '', value = ''] of body.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g)) values[name] = value;
  }
  return values;
}

function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of WCAG 2.2, 1 to 21. */
function contrast(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminance(a), luminance(b)].sort((one, other) => other - one);
  return (light + 0.05) / (dark + 0.05);
}

const texts: [string, string][] = [
  ...['canvas', 'surface', 'sunken', 'tint'].flatMap((ground): [string, string][] =>
    ['ink', 'ink-muted', 'ink-faint', 'accent', 'danger', 'success', 'warning', 'info'].map((text) => [text, ground]),
  ),
  ['on-accent', 'accent'],
  ['on-accent', 'accent-strong'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-strong'],
  ...['accent', 'success', 'warning', 'danger', 'info'].map((tone): [string, string] => [tone, `${tone}-soft`]),
  ...['accent-soft', 'success-soft', 'warning-soft', 'danger-soft', 'info-soft'].map((soft): [string, string] => [
    'ink',
    soft,
  ]),
];

describe.each(themes)('%s', (theme) => {
  it.each(accents)('text of a portal in %s can be read on every ground', (accent) => {
    const values = tokens(theme, accent);
    const poor = texts
      .map(([text, ground]) => ({ text, ground, ratio: contrast(values[text] ?? '', values[ground] ?? '') }))
      .filter(({ ratio }) => !(ratio >= 4.5));
    expect(poor).toEqual([]);
  });

  it('borders of fields can be told from what is beside them', () => {
    const values = tokens(theme, 'teal');
    for (const ground of ['surface', 'canvas', 'sunken'])
      expect(contrast(values['line-strong'] ?? '', values[ground] ?? ''), ground).toBeGreaterThanOrEqual(3);
  });
});
