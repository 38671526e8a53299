import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { peopleFile, readOrInventPeople, writePeople } from './demo-people.ts';

const books = [
  { id: '1', title: 'The Left Hand of Darkness', author: 'Ursula K. Le Guin', price: 12.5 },
  { id: '2', title: 'Invisible Cities', author: 'Italo Calvino', price: 11 },
  { id: '3', title: 'The Dispossessed', author: 'Ursula K. Le Guin', price: 13 },
];

function answer(path: string): { status: number; body: unknown } {
  if (path === '/books') return { status: 200, body: { books } };
  const book = books.find(({ id }) => path === `/books/${id}`);
  return book === undefined ? { status: 404, body: { error: 'There is no such book.' } } : { status: 200, body: book };
}

/**
 * The demo tenant's back end, on loopback.
 * @param port the port of an earlier start, so that its upstream stays right; 0 takes a free one.
 */
async function listenAt(port: number): Promise<{ port: number; server: Server }> {
  const server = createServer((request, response) => {
    request.resume();
    const { status, body } = answer((request.url ?? '/').split('?', 1)[0] ?? '/');
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

/**
 * Starts the back end at the port that the data folder remembers. The first start takes a free one and remembers it for `prepareDemo`.
 * @throws when something else listens there, saying what to do.
 */
export async function startBookshop(dataDir: string): Promise<{ port: number; server: Server }> {
  const people = await readOrInventPeople(peopleFile(dataDir));
  try {
    const { port, server } = await listenAt(people.bookshopPort);
    if (port !== people.bookshopPort) await writePeople(peopleFile(dataDir), { ...people, bookshopPort: port });
    return { port, server };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new Error(
      `Port ${people.bookshopPort} is the demo's back end, and something else listens there. Stop it, or forget the demo with \`npm run reset\`.`,
      { cause: error },
    );
  }
}
