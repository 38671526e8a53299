/** The same over HTTP/2 with TLS 1.3. The plain port only tells that it runs. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createSecureServer } from 'node:http2';
import { Pool } from 'undici';
import { CopyingHandler, passedOn } from './undici-handler.ts';

const [port, upstream, tlsPort, key = '', cert = ''] = process.argv.slice(2);
const pool = new Pool(`http://127.0.0.1:${upstream}`, { connections: 128 });
const tls = { key: readFileSync(key), cert: readFileSync(cert), minVersion: 'TLSv1.3' } as const;
createSecureServer(tls, (request, response) => {
  const { url: path, method } = request;
  const body = method === 'GET' ? null : request;
  pool.dispatch({ path, method, headers: passedOn(request.headers), body }, new CopyingHandler(response));
}).listen(Number(tlsPort), '127.0.0.1', () => {
  createServer((_request, response) => void response.end()).listen(Number(port), '127.0.0.1');
});
