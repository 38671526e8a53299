import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '@tollgate/embedded';
import type { BenchRequest } from '../load/requests.ts';
import type { KeyPair } from './certificate.ts';
import { startTarget, type Target } from './target.ts';

const peers = join(import.meta.dirname, '../peers');

/** Gateways and proxies of the Node world; each is a file of `peers`. */
export type NodePeer =
  'fast-gateway' | 'fastify-http-proxy' | 'http-proxy' | 'node-http-undici' | 'node-http2-undici' | 'relay';

/** Starts one as a process: `<peer>.ts <port> <upstream port> [<tls port> <key> <certificate>]`. */
export async function startNodePeer(options: {
  readonly peer: NodePeer;
  readonly folder: string;
  readonly upstreamPort: number;
  readonly probe: BenchRequest;
  readonly keyPair?: KeyPair;
}): Promise<Target & { tlsPort: number }> {
  const { peer, upstreamPort, probe, keyPair } = options;
  const folder = join(options.folder, peer);
  await mkdir(folder, { recursive: true });
  const [port, tlsPort] = [await findFreePort(), await findFreePort()];
  const args = [join(peers, `${peer}.ts`), String(port), String(upstreamPort)];
  if (keyPair !== undefined) {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    await writeFile(key, keyPair.key, { mode: 0o600 });
    await writeFile(cert, keyPair.cert);
    args.push(String(tlsPort), key, cert);
  }
  const env = { NODE_ENV: 'production' };
  const target = await startTarget({ name: peer, command: process.execPath, args, env, folder, port, probe });
  return { ...target, tlsPort };
}
