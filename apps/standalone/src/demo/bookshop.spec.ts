import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBookshop } from './bookshop.ts';
import { bookshopDocument } from './bookshop-document.ts';
import { guides } from './bookshop-pages.ts';

let folder: string;
let server: Server;
let url: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-bookshop-'));
  const started = await startBookshop(folder);
  server = started.server;
  url = `http://127.0.0.1:${started.port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const read = async (path: string) => {
  const response = await fetch(url + path);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};

describe('the reference of the demo', () => {
  it('says what the back end answers, down to its examples', async () => {
    const { paths, components } = bookshopDocument(url);
    expect(Object.keys(paths)).toEqual(['/books', '/books/{bookId}']);
    const book = paths['/books/{bookId}'].get;
    const example = book.responses[200].content['application/json'].example;
    expect(await read(`/books/${book.parameters[0].example}`)).toEqual({ status: 200, body: example });
    const { status, body } = await read('/books');
    expect([status, body['books']]).toEqual([200, expect.arrayContaining([example]) as unknown]);
    expect(Object.keys(example)).toEqual(components.schemas.Book.required);
    expect(await read('/books/none')).toEqual({ status: 404, body: { error: 'There is no such book.' } });
  });

  it('and the guides name the address at which callers reach it', () => {
    expect(bookshopDocument('http://shop.test').servers[0].url).toBe('http://shop.test');
    expect(guides('http://shop.test')[0]?.markdown).toContain('http://shop.test/books');
  });
});
