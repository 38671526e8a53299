import '@tollgate/contracts/rest/analytics';
import '@tollgate/contracts/rest/console';
import '@tollgate/contracts/rest/gateway';
import '@tollgate/contracts/rest/iam';
import '@tollgate/contracts/rest/policy';
import '@tollgate/contracts/rest/portal';
import '@tollgate/policies';
import { linkErrors } from '@tollgate/contracts/dataplane';
import { errorCatalogue } from '@tollgate/contracts/errors';
import { translations } from '@tollgate/contracts/languages';
import { describe, expect, it } from 'vitest';
import { root } from './repository.ts';
import { serverSentences } from './server-sentences.ts';

/** Sentences that no page shows: data planes, which speak English, are told them. */
const toMachines = new Set([
  'It expired more than 90 days ago; enrol anew.',
  'It has expired.',
  'Keep the batch and send it again.',
  'No group of this pool.',
  'The event bus takes no batch of this size.',
  'The proof of the key is wrong.',
  'This control plane serves the versions {}.',
]);

const withoutNames = (sentence: string): string => sentence.replaceAll(/\{\w+\}/g, '{}');
const valuesOf = (sentence: string): string[] => [...sentence.matchAll(/\{\w+\}/g)].map(([value]) => value).sort();

const patternOf = (sentence: string): RegExp =>
  new RegExp(`^${sentence.replaceAll(/[\\^$.*+?()[\]|]/g, String.raw`\$&`).replaceAll('{}', '.+')}$`);

const linkCodes = new Set<string>(Object.values(linkErrors).map(({ code }) => code));
const titles = errorCatalogue().filter(({ code }) => !linkCodes.has(code));
const said = serverSentences(root);

describe.each(Object.entries(translations))('sentences of the server in %s', (_language, sentences) => {
  const known = new Set(Object.keys(sentences).map(withoutNames));

  it('are there for everything that a problem document or a warning can say', () => {
    const missing = [...said].filter(([sentence]) => !known.has(sentence) && !toMachines.has(sentence));
    expect(missing).toEqual([]);
  });

  it('are there for the title of every code of the public API', () => {
    expect(titles.length).toBeGreaterThan(60);
    expect(titles.filter(({ title }) => !known.has(title)).map(({ code }) => code)).toEqual([]);
  });

  it('are said somewhere', () => {
    const inUse = new Set([...said.keys(), ...titles.map(({ title }) => title)]);
    // A sentence with a value may have translations of its own for some values.
    const patterns = [...said.keys()].filter((sentence) => sentence.includes('{}')).map(patternOf);
    const unsaid = [...known].filter((one) => !inUse.has(one) && !patterns.some((pattern) => pattern.test(one)));
    expect(unsaid).toEqual([]);
  });

  it('name the same values', () => {
    const unlike = Object.entries(sentences).filter(
      ([english, other]) => JSON.stringify(valuesOf(english)) !== JSON.stringify(valuesOf(other)),
    );
    expect(unlike).toEqual([]);
  });
});
