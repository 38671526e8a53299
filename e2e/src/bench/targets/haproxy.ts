import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '@tollgate/embedded';
import { pathOf } from '../load/commands.ts';
import type { BenchRequest } from '../load/requests.ts';
import { startTarget, type Target } from './target.ts';

/** Starts HAProxy with one thread that keeps its connections to the upstream. */
export async function startHaproxy(options: {
  readonly folder: string;
  readonly upstreamPort: number;
  readonly probe: BenchRequest;
}): Promise<Target> {
  const folder = join(options.folder, 'haproxy');
  await mkdir(folder, { recursive: true });
  const port = await findFreePort();
  await writeFile(
    join(folder, 'haproxy.cfg'),
    `global
  nbthread 1
  maxconn 4096
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  timeout http-keep-alive 1h
frontend in
  bind 127.0.0.1:${port}
  default_backend backend
backend backend
  http-reuse always
  server upstream 127.0.0.1:${options.upstreamPort}
`,
  );
  const args = ['-db', '-f', 'haproxy.cfg'];
  return startTarget({ name: 'haproxy', command: pathOf('haproxy'), args, folder, port, probe: options.probe });
}
