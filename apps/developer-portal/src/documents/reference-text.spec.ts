import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { sampleReference } from '../testing/sample-reference.ts';
import { readReferenceText, type ReferenceOutcome } from './reference-text.ts';

const maxBytes = 100_000;

const readText = (text: string) => readReferenceText(text, maxBytes);
const read = (document: unknown) => readText(JSON.stringify(document));
const pointersOf = (outcome: ReferenceOutcome) => (outcome.ok ? [] : outcome.faults.map(({ pointer }) => pointer));
const faultOf = (outcome: ReferenceOutcome) => (outcome.ok ? '' : (outcome.faults[0]?.message ?? ''));

describe('an OpenAPI document', () => {
  it('is read from JSON and from YAML, and keeps the order in which it was written', async () => {
    const summary = { ok: true, title: 'Orders', specification: 'openapi-3.0', operations: 2 };
    const json = JSON.stringify(sampleReference);
    expect(await readText(json)).toEqual({ ...summary, json });
    expect(await readText(stringify(sampleReference))).toEqual({ ...summary, json });
  });

  it('may be of version 3.1 and consist of webhooks only', async () => {
    const { paths: _paths, ...rest } = sampleReference;
    const document = { ...rest, openapi: '3.1.0', webhooks: {} };
    expect(await read(document)).toMatchObject({ ok: true, specification: 'openapi-3.1', operations: 0 });
  });

  it.each([
    ['no title', { info: { version: '1' } }, '/info'],
    ['a path without a slash', { paths: { orders: {} } }, '/paths'],
    [
      'a parameter without a schema',
      {
        paths: { '/a': { get: { parameters: [{ name: 'a', in: 'query' }], responses: { 200: { description: '' } } } } },
      },
      '/paths/~1a/get/parameters/0',
    ],
    ['another version', { openapi: '3.2.0' }, '/openapi'],
    ['no version', { openapi: undefined }, '/openapi'],
  ])('with %s is refused with the place', async (_what, change, pointer) => {
    expect(pointersOf(await read({ ...sampleReference, ...change }))).toContain(pointer);
  });

  it('without any part is refused in plain words, each lack once', async () => {
    expect(await read({ openapi: '3.1.0' })).toEqual({
      ok: false,
      faults: [
        { pointer: '', message: 'It lacks info.' },
        { pointer: '', message: 'It needs paths, components or webhooks.' },
      ],
    });
    const { info } = sampleReference;
    expect(faultOf(await read({ openapi: '3.1.0', info }))).toBe('It needs paths, components or webhooks.');
    expect(faultOf(await read({ openapi: '3.0.0', info }))).toBe('It lacks paths.');
  });

  it('is refused when it refers to what is not in it, here or elsewhere', async () => {
    const referring = ($ref: string) => ({ ...sampleReference, components: { responses: { NotFound: { $ref } } } });
    expect(faultOf(await read(referring('#/components/responses/Gone')))).toContain('#/components/responses/Gone');
    expect(faultOf(await read(referring('https://example.test/a.json')))).toContain('https://example.test/a.json');
  });

  it('is refused with the line where reading failed', async () => {
    expect(faultOf(await readText('{"openapi":\n "3.0.0",,}'))).toMatch(/line 2/);
    expect(faultOf(await readText('openapi: 3.0.0\ninfo: [1\n'))).toMatch(/line \d/);
    expect(faultOf(await readText('- 1'))).toBe('It must be an object.');
  });

  it('is refused when aliases make too much of little, or a part hold itself', async () => {
    const laughs = Array.from({ length: 12 }, (_, n) => `a${n}: &a${n} [${`*a${n - 1},`.repeat(n === 0 ? 0 : 9)}x]`);
    expect(await readText(`openapi: 3.0.0\n${laughs.join('\n')}`)).toMatchObject({ ok: false });
    expect(await readText('openapi: 3.0.0\nx: &x\n  y: *x\n')).toMatchObject({ ok: false });
  });

  it('is refused when it is nested beyond reading', async () => {
    const deep = `${'['.repeat(500)}${']'.repeat(500)}`;
    expect(faultOf(await readText(`{"openapi":"3.0.0","x-deep":${deep}}`))).toMatch(/levels deep/);
  });
});
