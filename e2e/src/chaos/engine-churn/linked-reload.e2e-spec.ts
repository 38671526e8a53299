import { X509Certificate } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { findFreePort } from '@tollgate/embedded';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type GatewayProcess, startGateway } from '../../support/gateway-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { churnHost } from './routes-throughout.ts';
import { StandInLink } from './stand-in-link.ts';
import { settingsOf } from './subjects.ts';

/** Generous: workers are started anew. */
const withinMs = 20_000;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let upstream: Server;
let link: StandInLink;
let gateway: GatewayProcess;
let statusUrl: string;

beforeEach(async () => {
  folder = await temporaryFolder('linked-reload');
  upstream = createServer((_request, response) => response.end('ok'));
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  link = await StandInLink.start();
  link.changeUnheard({ sequence: 'revision', put: [settingsOf(1), routeOf('first')] });
  const statusPort = await findFreePort();
  statusUrl = `http://127.0.0.1:${statusPort}`;
  gateway = await startGateway({
    linkUrl: link.url,
    enrolToken: link.enrolToken,
    folder: folder.path,
    env: { GATEWAY_STATUS_PORT: String(statusPort), GATEWAY_WORKERS: '2', DRAIN_MS: '2000' },
  });
  await eventually(async () => expect(await call('first')).toBe(200), { withinMs });
});
afterEach(async () => {
  await gateway.kill();
  await link.stop();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
  await folder.remove();
});

function routeOf(id: string) {
  const nodes = { [`127.0.0.1:${(upstream.address() as AddressInfo).port}`]: 1 };
  return { kind: 'route' as const, id, value: { uri: `/${id}`, upstream: { nodes } } };
}

/** Status of a call on a connection of its own. */
function call(path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    get(`${gateway.httpUrl}/${path}`, { headers: { host: churnHost }, agent: false }, (answer) => {
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0));
    }).once('error', reject);
  });
}

async function workerStarts(): Promise<string[]> {
  const { engine } = (await (await fetch(`${statusUrl}/status`)).json()) as {
    engine: { workers: { since: string }[] };
  };
  return engine.workers.map(({ since }) => since);
}

const identityFile = (): string => join(folder.path, 'identity', 'identity.json');
const serialOf = (certificate: string): string => new X509Certificate(certificate).serialNumber;

describe('SIGHUP to a linked gateway', () => {
  it('has it ask for what has changed, and replace its workers, without failing a call', async () => {
    const before = await workerStarts();
    link.changeUnheard({ sequence: 'revision', put: [routeOf('second')] });
    expect(await call('second')).toBe(404);
    const statuses = new Set<number>();
    let isStopping = false;
    const calling = (async () => {
      while (!isStopping) statuses.add(await call('first').catch(() => 0));
    })();
    process.kill(gateway.pid, 'SIGHUP');
    await eventually(
      async () => {
        expect(await call('second')).toBe(200);
        const after = await workerStarts();
        expect(after.filter((since) => before.includes(since))).toEqual([]);
      },
      { withinMs },
    );
    isStopping = true;
    await calling;
    expect([...statuses]).toEqual([200]);
    expect([link.streams, link.refusals, gateway.isAlive()]).toEqual([2, [], true]);
  });

  it('has it take the certificate that stands on its disk', async () => {
    const { dataPlaneId } = JSON.parse(await readFile(identityFile(), 'utf8')) as { dataPlaneId: string };
    const reissued = await link.reissue(dataPlaneId);
    await writeFile(identityFile(), JSON.stringify(reissued));
    process.kill(gateway.pid, 'SIGHUP');
    await eventually(() => expect(serialOf(link.shownCertificate)).toBe(serialOf(reissued.certificateChain)), {
      withinMs,
    });
    expect(await call('first')).toBe(200);
  });

  it.each([
    ['nonsense', () => Promise.resolve('{')],
    ['that of another data plane', async () => JSON.stringify(await link.reissue('dp_01h9s3q0dt7n4rjbm2f6k8p4s0'))],
  ])('keeps its certificate where the one on disk is %s', async (_, content) => {
    const shown = link.shownCertificate;
    await writeFile(identityFile(), await content());
    link.changeUnheard({ sequence: 'revision', put: [routeOf('second')] });
    process.kill(gateway.pid, 'SIGHUP');
    await eventually(async () => expect(await call('second')).toBe(200), { withinMs });
    expect([link.shownCertificate, gateway.isAlive()]).toEqual([shown, true]);
  });
});
