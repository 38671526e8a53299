import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { readyMessage } from '@tollgate/contracts/runtime';

const program = fileURLToPath(new URL('../../../../gateway/src/main.ts', import.meta.url));

/** A real data plane in a process of its own. */
export interface DataPlaneProcess {
  readonly urls: Record<string, string>;
  /** Logged lines, oldest first. */
  readonly log: string[];
  /** Sends a request for a host through the data plane. */
  call(host: string, path?: string): Promise<{ status: number }>;
  status(): Promise<DataPlaneStatusPage>;
  isReady(): Promise<boolean>;
  /** Ends it at once or in order; resolves when it is gone. */
  end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** The part of `/status` that suites look at. */
export interface DataPlaneStatusPage {
  readonly dataPlaneId?: string;
  readonly link?: string;
  readonly cacheIsCurrent?: boolean;
  readonly groups?: readonly { groupId: string; revision: number; access: number }[];
  readonly engine?: { callsCounted: number };
  readonly usage?: { pendingRows: number };
}

/** Starts a data plane with nothing but these variables; resolves when it listens. @throws Error with what it printed when it ends instead */
export async function startDataPlane(env: Record<string, string>): Promise<DataPlaneProcess> {
  const child = fork(program, {
    execArgv: ['--conditions=development', '--experimental-transform-types', '--disable-warning=ExperimentalWarning'],
    env: {
      GATEWAY_HTTP_PORT: '0',
      GATEWAY_HTTPS_PORT: '0',
      GATEWAY_STATUS_PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => log.push(...text.split('\n').filter(Boolean)));
  }
  const urls = await Promise.race([readyUrls(child), endBeforeReady(child, log)]);
  const page = (path: string) => fetch(`${urls['status'] ?? ''}${path}`);
  return {
    urls,
    log,
    async call(host, path = '/') {
      const { request } = await import('node:http');
      const { hostname, port } = new URL(urls['http'] ?? '');
      return new Promise((resolve, reject) => {
        request({ hostname, port, path, headers: { host }, agent: false }, (response) => {
          response.resume().on('end', () => resolve({ status: response.statusCode ?? 0 }));
        })
          .on('error', reject)
          .end();
      });
    },
    status: async () => (await page('/status')).json() as Promise<DataPlaneStatusPage>,
    isReady: async () => (await page('/readyz')).status === 200,
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
  };
}

async function readyUrls(child: ChildProcess): Promise<Record<string, string>> {
  const [message] = (await once(child, 'message')) as unknown[];
  return readyMessage.parse(message).urls;
}

async function endBeforeReady(child: ChildProcess, log: readonly string[]): Promise<never> {
  await once(child, 'exit');
  throw new Error(`the data plane ended: ${log.join('\n')}`);
}
