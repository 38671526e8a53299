/** The least that Node's own server and undici can be made into a proxy with. */
import { createServer } from 'node:http';
import { Pool } from 'undici';
import { CopyingHandler, passedOn } from './undici-handler.ts';

const [port, upstream] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 128 });
createServer((request, response) => {
  const { url: path = '/', method = 'GET' } = request;
  const body = method === 'GET' ? null : request;
  pool.dispatch({ path, method, headers: passedOn(request.headers), body }, new CopyingHandler(response));
}).listen(Number(port), '127.0.0.1');
