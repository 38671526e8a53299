import { contentHash, parseResource } from '@tollgate/contracts/gateway';
import { describe, expect, it } from 'vitest';
import { resource } from '../testing/index.ts';
import { textOf } from './resource-text.ts';
import { StoredResource } from './stored-resource.ts';

function store(kind: 'route' | 'service', value: Record<string, unknown>) {
  const written = resource(kind, 'x', value);
  const parsed = parseResource(written);
  if (!parsed.ok) throw new Error('refused');
  const checked = { value: parsed.resource.value, hash: contentHash(value) };
  return { written, checked, stored: new StoredResource(textOf(written), checked) };
}

describe('a resource in force', () => {
  it('is the text that was written, and is read again where there are many of its kind', () => {
    const { written, checked, stored } = store('route', { uri: '/a', upstream_id: 7, labels: { b: '1', a: '2' } });
    expect(stored.value(written)).toBe(checked.value);
    stored.kept('route');
    expect(stored.value(written)).not.toBe(checked.value);
    expect(stored.value(written)).toEqual(checked.value);
    expect(stored.hash(written)).toBe(checked.hash);
    expect(stored.text).toBe('{"uri":"/a","upstream_id":7,"labels":{"b":"1","a":"2"}}');
  });

  it('stays read where others look at it all the time', () => {
    const { written, checked, stored } = store('service', { hosts: ['a.test'] });
    stored.kept('service');
    expect(stored.value(written)).toBe(checked.value);
  });
});
