/** `http-proxy-3`, the kept-up continuation of `http-proxy`, with connections that are kept alive. */
import { Agent } from 'node:http';
import { createProxyServer } from 'http-proxy-3';

const [port, upstream] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxFreeSockets: 256 });
createProxyServer({ target: `http://127.0.0.1:${upstream}`, agent }).listen(Number(port), '127.0.0.1');
