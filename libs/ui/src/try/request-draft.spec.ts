import { describe, expect, it } from 'vitest';
import { bodyText } from './body-text.ts';
import { emptyDraft, openPart, requestToSend } from './request-draft.ts';

describe('a request that is put together', () => {
  it('is sent percent-encoded, and what is encoded already stays', () => {
    const request = requestToSend({ ...emptyDraft(), path: '/bücher/a%20b/c d' });
    expect(request.path).toBe('/b%C3%BCcher/a%20b/c%20d');
  });

  it('takes a query from its path and from its rows, without rows that have no name', () => {
    const query = [
      { name: 'q', value: 'a&b' },
      { name: ' ', value: 'lost' },
    ];
    expect(requestToSend({ ...emptyDraft(), path: '/x?y=1', query })).toMatchObject({
      path: '/x',
      query: 'y=1&q=a%26b',
    });
  });

  it('has no body unless one was typed', () => {
    expect(requestToSend(emptyDraft()).body).toBeNull();
    expect(requestToSend({ ...emptyDraft(), body: '{}' }).body).toEqual({ encoding: 'text', content: '{}' });
  });

  it('knows which part of its path still waits for a value', () => {
    expect(openPart('/books/{bookId}')).toBe('{bookId}');
    expect(openPart('/books/3')).toBeUndefined();
  });
});

describe('the body of an answer', () => {
  it('is indented when it is whole JSON, else as it came', () => {
    expect(bodyText({ body: { encoding: 'text', content: '{"a":1}' }, truncated: false })).toBe('{\n  "a": 1\n}');
    expect(bodyText({ body: { encoding: 'text', content: '{"a":' }, truncated: true })).toBe('{"a":');
    expect(bodyText({ body: { encoding: 'base64', content: 'AAA=' }, truncated: false })).toBeUndefined();
  });
});
