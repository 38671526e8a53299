import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleCatalogue as catalogue } from '../testing/sample-catalogue.ts';
import { resolvePlugins } from './resolve-plugins.ts';

const inbound = ['key-auth', 'limit-count', 'logger'] as const;
const policy = (type: string, priority?: number) => ({
  type,
  options: priority === undefined ? {} : { _meta: { priority } },
});

describe('resolving a template to plugins', () => {
  it('leaves options as they were written where the order is the catalogue’s', () => {
    const set = {
      inbound: [policy('key-auth'), { type: 'limit-count', options: { count: 5, extra: 1 } }],
      outbound: [],
    };
    expect(resolvePlugins(set, catalogue)).toEqual({ 'key-auth': {}, 'limit-count': { count: 5, extra: 1 } });
  });

  it('writes a priority where a policy was moved before one that runs earlier by default', () => {
    const set = { inbound: [policy('limit-count'), policy('key-auth')], outbound: [policy('data-mask')] };
    expect(resolvePlugins(set, catalogue)).toEqual({
      'limit-count': {},
      'key-auth': { _meta: { priority: 1001 } },
      'data-mask': {},
    });
  });

  it('keeps the rest of _meta', () => {
    const set = {
      inbound: [policy('limit-count'), { type: 'key-auth', options: { _meta: { disable: true } } }],
      outbound: [],
    };
    expect(resolvePlugins(set, catalogue)['key-auth']).toEqual({ _meta: { disable: true, priority: 1001 } });
  });

  it('runs the policies in the order of the list, whatever priorities were written', () => {
    const anyOrder = fc
      .shuffledSubarray([...inbound])
      .chain((types) =>
        fc.tuple(
          ...types.map((type) =>
            fc.option(fc.integer({ min: -5, max: 5000 })).map((p) => policy(type, p ?? undefined)),
          ),
        ),
      );
    fc.assert(
      fc.property(anyOrder, (policies) => {
        const plugins = resolvePlugins({ inbound: policies, outbound: [] }, catalogue);
        const priorityOf = (type: string) =>
          plugins[type]?._meta?.priority ?? catalogue.get(type)?.priority ?? Number.NaN;
        const priorities = policies.map(({ type }) => priorityOf(type));
        expect(priorities).toEqual(priorities.toSorted((a, b) => b - a));
        expect(new Set(priorities).size).toBe(policies.length);
      }),
    );
  });
});
