import { lookup } from 'node:dns/promises';
import { request } from 'node:http';
import { isIP } from 'node:net';
import type { AddressGuard } from '../../upstream/address-guard.ts';
import type { StapleSource } from './staple-source.ts';

const timeoutMs = 5_000;
const longestAnswer = 64 * 1024;

/** Asks a responder at an address that the guard allows. @throws Error when there is no answer in time, or none of a bearable size. */
export async function askResponder({ url, subject }: StapleSource, body: Buffer, guard: AddressGuard): Promise<Buffer> {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const found = isIP(host) === 0 ? await lookup(host, { all: true }) : [{ address: host }];
  const address = found.map((entry) => entry.address).find((candidate) => guard.isAllowed(candidate, subject));
  if (address === undefined) throw new Error(`every address of ${host} is refused`);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: address,
        port: url.port === '' ? 80 : Number(url.port),
        path: url.pathname + url.search,
        method: 'POST',
        headers: { host: url.host, 'content-type': 'application/ocsp-request', 'content-length': body.length },
        agent: false,
        signal: AbortSignal.timeout(timeoutMs),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let length = 0;
        answer.on('data', (chunk: Buffer) => {
          length += chunk.length;
          chunks.push(chunk);
          if (length > longestAnswer) answer.destroy(new Error('the answer is too long'));
        });
        answer.once('error', reject);
        answer.once('end', () => {
          if (answer.statusCode === 200) resolve(Buffer.concat(chunks));
          else reject(new Error(`the responder has answered ${answer.statusCode}`));
        });
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
