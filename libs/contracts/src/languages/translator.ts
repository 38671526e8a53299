import type { Sentences } from './language.ts';

/** Sentences are short; whatever is longer is somebody’s text and not one of ours. */
const longestSentence = 2000;

interface Pattern {
  readonly expression: RegExp;
  readonly translation: string;
}

/**
 * Makes the function that says English sentences in another language. Sentences that it does not know stay as they are. Values are read
 * out of the sentence where `{name}` stands in the catalogue, so that those who say something need not know of languages.
 */
export function translatorOf(sentences: Sentences): (english: string) => string {
  const plain = new Map(Object.entries(sentences));
  const patterns = [...plain].filter(([english]) => english.includes('{')).sort(byWords);
  const compiled = patterns.map(([english, translation]): Pattern => ({ expression: patternOf(english), translation }));
  return (english) => {
    const known = plain.get(english);
    if (known !== undefined || english.length > longestSentence) return known ?? english;
    for (const { expression, translation } of compiled) {
      const values = expression.exec(english)?.groups;
      if (values !== undefined) return fill(translation, values);
    }
    return english;
  };
}

/** Those that say more of their own come first, so that a general sentence takes nothing from a special one. */
function byWords([one]: [string, string], [other]: [string, string]): number {
  const own = (english: string): number => english.replaceAll(/\{\w+\}/g, '').length;
  return own(other) - own(one);
}

function patternOf(english: string): RegExp {
  const parts = english.split(/\{(\w+)\}/);
  const source = parts.map((part, index) => (index % 2 === 1 ? `(?<${part}>.+?)` : escaped(part)));
  return new RegExp(`^${source.join('')}$`, 's');
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}

function fill(translation: string, values: Readonly<Record<string, string>>): string {
  return translation.replaceAll(/\{(\w+)\}/g, (place, name: string) => values[name] ?? place);
}
