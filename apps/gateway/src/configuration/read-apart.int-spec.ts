import { describe, expect, it } from 'vitest';
import { readApart } from './read-apart.ts';
import { readStandAloneFile } from './stand-alone-file.ts';

const routes = Array.from({ length: 6_000 }, (_, index) => `      - { id: r${index}, uri: /path/of/route/${index} }`);
const long = ['groups:', '  - id: g1', '    settings: { hosts: [a.test] }', '    routes:', ...routes].join('\n');

describe('a long stand-alone file', () => {
  it('says in a thread of its own what it says here', async () => {
    expect(long.length).toBeGreaterThan(256 * 1024);
    expect(await readApart(long)).toEqual(readStandAloneFile(long));
  });

  it('is refused with the reason that it would be refused with here', async () => {
    await expect(readApart(long.replace('uri: /path/of/route/7 ', 'uri: [ '))).rejects.toThrow(/Flow/);
  });
});
