import { describe, expect, it } from 'vitest';
import { readStandAloneFile } from './stand-alone-file.ts';

const file = { groups: [{ id: 'g1', settings: { hosts: ['a.test'] }, routes: [{ id: 'r1', uri: '/a' }] }] };
const yaml = `
groups:
  - id: g1
    settings: { hosts: [a.test] }
    routes: [{ id: r1, uri: /a }]
`;

describe('a stand-alone file', () => {
  it('says the same in YAML, in JSON and in what is nearly JSON', () => {
    const fromYaml = readStandAloneFile(yaml);
    expect(fromYaml).toMatchObject([{ groupId: 'g1', sequences: { access: [] } }]);
    expect(fromYaml[0]?.sequences.revision).toContainEqual({ kind: 'route', id: 'r1', text: '{"uri":"/a"}' });
    const json = JSON.stringify(file);
    expect(readStandAloneFile(json)).toEqual(fromYaml);
    expect(readStandAloneFile(json.replace('"r1"', 'r1'))).toEqual(fromYaml);
  });

  it.each(['groups: []', '{"groups": 1}', '{', 'a: [b'])('is refused when it is none: %s', (text) => {
    expect(() => readStandAloneFile(text)).toThrow();
  });
});
