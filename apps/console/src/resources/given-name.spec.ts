import { describe, expect, it } from 'vitest';
import { givenNameOf } from './given-name.ts';

describe('what a resource is called', () => {
  it('is its name', () => {
    expect(givenNameOf({ id: 'books', value: { name: 'Books' } })).toBe('Books');
  });

  it('is the id that somebody chose where it has no name', () => {
    expect(givenNameOf({ id: 'books', value: {} })).toBe('books');
    expect(givenNameOf({ id: 'res_books', value: { name: '' } })).toBe('res_books');
  });

  it('is never an id that the server made', () => {
    expect(givenNameOf({ id: 'res_069h9s3q0dt7n4rjbm2f6k8p4s', value: { name: '' } })).toBeUndefined();
  });
});
