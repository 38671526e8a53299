import { describe, expect, it } from 'vitest';
import { hostsOf, pathsOf, readList, writeList } from './route-value.ts';

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
