import { describe, expect, it } from 'vitest';
import { languageOf, lineIn, positionIn, yamlLineOf } from './document-text.ts';

const yaml = `openapi: 3.1.0
paths:
  /books:
    get:
      parameters:
        - name: a
        - name: b
  "/books/{id}":
    get: {}
`;

describe('the place of a refusal in a document', () => {
  it('is the line or position that a sentence names', () => {
    expect(lineIn('bad indentation at line 3, column 4')).toBe(3);
    expect(positionIn('Unexpected token at position 12')).toBe(12);
    expect(lineIn('No server.')).toBeUndefined();
  });

  it('is found in YAML by pointer, or around what is missing', () => {
    expect(yamlLineOf(yaml, ['paths', '/books', 'get'])).toBe(4);
    expect(yamlLineOf(yaml, ['paths', '/books/{id}'])).toBe(8);
    expect(yamlLineOf(yaml, ['paths', '/books', 'get', 'parameters', '1'])).toBe(7);
    expect(yamlLineOf(yaml, ['paths', '/books', 'post'])).toBe(3);
    expect(yamlLineOf(yaml, ['servers'])).toBeUndefined();
  });

  it('depends on what the text is', () => {
    expect(languageOf('  {"openapi": "3.1.0"}')).toBe('json');
    expect(languageOf(yaml)).toBe('yaml');
  });
});
