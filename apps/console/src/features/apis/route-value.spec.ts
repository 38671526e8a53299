import { describe, expect, it } from 'vitest';
import { hostsOf, pathsOf, readList, targetOf, withTarget, writeList } from './route-value.ts';
import { nodesOf, shareOf } from './upstream-value.ts';

describe('paths and hosts of a route', () => {
  it('are read in either form', () => {
    expect(readList({ uri: '/a' }, pathsOf)).toEqual(['/a']);
    expect(readList({ hosts: ['a', 'b'] }, hostsOf)).toEqual(['a', 'b']);
    expect(readList({}, hostsOf)).toEqual([]);
  });

  it('are written in one form only, and keep the longer one where it is there', () => {
    expect(writeList({ uri: '/a' }, pathsOf, ['/a', '/b'])).toEqual({ uris: ['/a', '/b'] });
    expect(writeList({}, pathsOf, ['/a'])).toEqual({ uri: '/a' });
    expect(writeList({ uris: ['/a', '/b'] }, pathsOf, ['/a'])).toEqual({ uris: ['/a'] });
    expect(writeList({ host: 'a' }, hostsOf, [])).toEqual({});
  });
});

describe('the target of a route', () => {
  it('is one of three, and choosing another forgets the rest', () => {
    expect(targetOf({ service_id: 'a' })).toBe('service');
    expect(targetOf({})).toBeUndefined();
    expect(withTarget({ uri: '/', service_id: 'a' }, 'upstream')).toEqual({ uri: '/' });
    expect(targetOf(withTarget({ upstream_id: 'a' }, 'own'))).toBe('own');
  });
});

describe('nodes of an upstream', () => {
  it('are read from a map as from a list', () => {
    expect(nodesOf({ nodes: { 'a:80': 1, '[::1]:81': 2, b: 0 } })).toEqual([
      { host: 'a', port: 80, weight: 1 },
      { host: '[::1]', port: 81, weight: 2 },
      { host: 'b', weight: 0 },
    ]);
    expect(nodesOf({})).toEqual([]);
  });

  it('share calls by weight', () => {
    const nodes = nodesOf({ nodes: { 'a:80': 1, 'b:80': 3 } });
    expect(nodes.map((node) => shareOf(node, nodes))).toEqual([0.25, 0.75]);
    expect(shareOf({ host: 'a', weight: 0 }, [{ host: 'a', weight: 0 }])).toBe(0);
  });
});
