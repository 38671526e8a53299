import 'reflect-metadata';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@tollgate/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCertificate, type TestCertificate } from '../testing/certificates.ts';
import { startCluster, startConsul, type TestCluster, type TestConsul, type TestInstance } from '../testing/index.ts';
import { keep } from '../testing/keep.ts';
import {
  type DiscoveringEngine,
  reached,
  serve as serveDiscovered,
  startNodes,
  troubles,
  untilReached,
} from './testing/discovery-scene.ts';

let folder = '';
let caFile = '';
let tokenFile = '';
let authority: TestCertificate;
let server: TestCertificate;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-registry-'));
  caFile = join(folder, 'ca.crt');
  tokenFile = join(folder, 'token');
  authority = await createCertificate({ name: 'authority', isAuthority: true });
  server = await createCertificate({ name: 'localhost', issuedBy: authority });
  await writeFile(caFile, authority.cert);
  await writeFile(tokenFile, 'first\n');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** A registry that was started over TLS, and how its nodes are changed. */
interface Registry {
  readonly stand: TestCluster | TestConsul;
  readonly serve: () => Promise<DiscoveringEngine>;
  readonly hold: (nodes: readonly TestInstance[]) => void;
  /** Ends what waits for a change, so that the registry is asked anew. */
  readonly askAgain: () => void;
}

async function kubernetes(): Promise<Registry> {
  const stand = await keep(startCluster({ tls: server }));
  const options = { server: `https://localhost:${stand.port}`, tokenFile, caFile };
  return {
    stand,
    serve: () =>
      serveDiscovered(
        { discovery_type: 'kubernetes', service_name: 'shop/api' },
        { discovery: { kubernetes: options } },
      ),
    hold(nodes) {
      const slices = nodes.map(({ address, port }, index) => {
        const name = `s${index}`;
        return [name, { metadata: { name }, endpoints: [{ addresses: [address] }], ports: [{ port }] }] as const;
      });
      stand.slices.set('shop/api', new Map(slices));
    },
    askAgain: () => stand.expire(),
  };
}

async function consul(): Promise<Registry> {
  const stand = await keep(startConsul({}, { tls: server }));
  const options = { servers: [`https://localhost:${stand.port}`], tokenFile, caFile };
  return {
    stand,
    serve: () => serveDiscovered({ discovery_type: 'consul', service_name: 'api' }, { discovery: { consul: options } }),
    hold: (nodes) => void stand.services.set('api', nodes),
    askAgain: () => stand.changed(),
  };
}

describe.each([
  ['kubernetes', kubernetes],
  ['consul', consul],
])('%s over HTTPS', (_name, start) => {
  it('is checked against the authority in a file, and asked with the token in a file', async () => {
    const nodes = await startNodes(1);
    const { stand, serve, hold } = await start();
    stand.token = 'first';
    hold(nodes);
    const engine = await serve();
    await untilReached(engine, nodes, nodes);
    expect(troubles(engine)).toEqual([]);
  });

  it('is asked with the new token once the file has another one', async () => {
    const nodes = await startNodes(2);
    const { stand, serve, hold, askAgain } = await start();
    stand.token = 'first';
    hold(nodes.slice(0, 1));
    const engine = await serve();
    await untilReached(engine, nodes, nodes.slice(0, 1));

    stand.token = 'second';
    hold(nodes.slice(1));
    await eventually(
      () => {
        askAgain();
        expect(troubles(engine)).toMatchObject([{ state: 'failing', nodes: 1 }]);
        expect(troubles(engine)[0]?.reason).toContain('401');
      },
      { withinMs: 5000 },
    );
    expect(await reached(engine, nodes)).toEqual([nodes[0]!.port]);

    await writeFile(tokenFile, 'second\n');
    await untilReached(engine, nodes, nodes.slice(1));
    expect(troubles(engine)).toEqual([]);
  });

  it('with an authority that is not the one in the file alarms, and the last good set stays in use', async () => {
    const nodes = await startNodes(2);
    const { serve, hold, askAgain } = await start();
    hold(nodes.slice(0, 1));
    const engine = await serve();
    await untilReached(engine, nodes, nodes.slice(0, 1));

    const { cert } = await createCertificate({ name: 'other', isAuthority: true });
    await writeFile(caFile, cert);
    hold(nodes.slice(1));
    await eventually(
      () => {
        askAgain();
        expect(troubles(engine)).toMatchObject([{ state: 'failing', nodes: 1 }]);
        expect(troubles(engine)[0]?.reason).toContain('certificate');
      },
      { withinMs: 5000 },
    );
    expect(engine.heard.at(-1)).toMatchObject({ state: 'failing' });
    expect(await reached(engine, nodes)).toEqual([nodes[0]!.port]);

    await writeFile(caFile, authority.cert);
    await untilReached(engine, nodes, nodes.slice(1));
    expect(troubles(engine)).toEqual([]);
  });

  it('that nobody vouches for gets no token', async () => {
    const { stand, serve } = await start();
    const { cert } = await createCertificate({ name: 'other', isAuthority: true });
    await writeFile(caFile, cert);
    const engine = await serve();
    await eventually(() => expect(troubles(engine)).toMatchObject([{ state: 'failing', nodes: 0 }]), {
      withinMs: 5000,
    });
    expect(stand.requests).toEqual([]);
  });
});
