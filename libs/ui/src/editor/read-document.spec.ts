import { describe, expect, it } from 'vitest';
import { documentLanguage, readDocument } from './read-document.ts';

const yaml = [
  'openapi: 3.1.0',
  'info:',
  '  title: Books',
  'paths:',
  '  /books:',
  '    get:',
  '      tags: [a, b]',
].join('\n');

describe('a document as its author writes it', () => {
  it('is read as JSON or as YAML, by how it begins', () => {
    expect([documentLanguage(' {"a": 1}'), documentLanguage('a: 1')]).toEqual(['json', 'yaml']);
    expect(readDocument('{"openapi": "3.1.0"}').value).toEqual({ openapi: '3.1.0' });
    expect(readDocument(yaml).value).toMatchObject({ info: { title: 'Books' } });
  });

  it('tells the line in which it stops being valid', () => {
    expect(readDocument('{\n  "a": 1,\n  "b" 2\n}').fault?.line).toBe(3);
    const { value, fault } = readDocument('a: 1\nb: [1, 2\nc: 3\n');
    expect(value).toBeUndefined();
    expect(fault?.line).toBeGreaterThan(1);
    expect(fault?.detail).not.toBe('');
    expect(readDocument('a: 1\na: 2\n').fault?.line).toBe(2);
  });

  it('knows where a pointer leads, or what is nearest to it', () => {
    const { placeOf } = readDocument(yaml);
    const shown = (pointer: string): string => yaml.slice(placeOf(pointer).from, placeOf(pointer).to);
    expect(shown('/info/title')).toBe('Books');
    expect(shown('/paths/~1books/get/tags/1')).toBe('b');
    expect(shown('/info/title/missing')).toBe('Books');
    expect(placeOf('/nowhere')).toEqual({ from: 0, to: 1 });
  });

  it('is not unfolded without end', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, index) => {
        const before = 'abcdefgh'[index];
        return `${name}: &${name} [${Array.from({ length: 9 }, () => `*${before}`).join(',')}]`;
      }),
    ].join('\n');
    expect(readDocument(bomb).fault).toBeDefined();
  });
});
