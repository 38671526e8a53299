import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { definePolicy, type PolicyContext } from './define-policy.ts';
import { PolicyInstances } from './policy-instances.ts';
import { compileLevel, noPolicies, PolicyRegistry } from './policy-set.ts';

type Options = Record<string, unknown>;

function compileTwice(isStateless: boolean, ...options: [Options, Options]) {
  const policy = definePolicy({
    name: 'probe',
    title: 'Probe',
    description: 'A probe.',
    priority: 1,
    direction: 'inbound',
    shared: 'allowed',
    isStateless,
    schema: z.looseObject({}),
    errors: [],
    compile: () => ({ onRequest: () => undefined }),
  });
  const registry = new PolicyRegistry([policy], { isShared: false });
  const instances = new PolicyInstances();
  const contextOf = () => ({ metadata: {} }) as PolicyContext;
  return options.map((probe) => {
    const level = { plugins: { probe }, previous: noPolicies, contextOf, instances, path: [] };
    return compileLevel(registry, level).policies.get('probe');
  });
}

describe('the instances of a policy', () => {
  it('are one for equal options when it is stateless', () => {
    const [first, second] = compileTwice(true, { a: 1, b: 2 }, { b: 2, a: 1 });
    expect(first).toBeDefined();
    expect(second).toBe(first);
  });

  it('are apart for other options, and where one is turned off', () => {
    const [first, second] = compileTwice(true, { a: 1 }, { a: 2 });
    expect(second).not.toBe(first);
    const [on, off] = compileTwice(true, {}, { _meta: { disable: true } });
    expect(on?.handlers).not.toBeNull();
    expect(off?.handlers).toBeNull();
  });

  it('are apart for equal options when it keeps something of its own', () => {
    const [first, second] = compileTwice(false, { a: 1 }, { a: 1 });
    expect(second).not.toBe(first);
  });
});
