import { randomBytes } from 'node:crypto';
import { newId } from '@tollgate/contracts';
import {
  type ConfigLine,
  linkBodyLimits,
  linkPaths,
  type UsageBatch,
  type UsageRow,
} from '@tollgate/contracts/dataplane';
import { GroupHash, contentHash } from '@tollgate/contracts/gateway';
import type { DataPlane, GatewayGroup } from '@tollgate/contracts/rest/gateway';
import { eventually } from '@tollgate/testing';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { CertificateAuthority } from '../ca/certificate-authority.ts';
import { type RunningGatewayManager, startGatewayManager } from '../testing/start-gateway-manager.ts';
import { UsageIntake } from '../usage-intake/usage-intake.ts';
import { type LinkScene, manyEnrolments, setScene } from './testing/link-scene.ts';
import { LinkClient, type TestStream } from './testing/link-client.ts';

let manager: RunningGatewayManager;
let scene: LinkScene;

beforeAll(async () => {
  manager = await startGatewayManager(inject('databaseUrl'), manyEnrolments);
  scene = await setScene(manager);
});
afterAll(() => manager.close());

const ends = (stream: TestStream) => stream.lines.filter((line) => line.type === 'end');

async function synced(stream: TestStream, times = 1): Promise<void> {
  await eventually(
    () => expect(stream.lines.filter((line) => line.type === 'synced').length).toBeGreaterThanOrEqual(times),
    { withinMs: 5_000, everyMs: 1 },
  );
}

/** The hash of what a snapshot put. */
function hashOf(lines: readonly ConfigLine[], sequence: 'revision' | 'access'): string {
  const start = lines.findIndex((line) => line.type === 'begin' && line.sequence === sequence);
  const stop = lines.findIndex((line, index) => index > start && line.type === 'end');
  const hash = GroupHash.empty();
  for (const line of lines.slice(start, stop)) {
    if (line.type === 'put') hash.add(line.kind, line.id, contentHash(line.value));
  }
  return hash.value;
}

async function publishUpstream(id: string): Promise<number> {
  const { tenantId } = scene.tenant;
  const path = `/api/v1/gateway-groups/${scene.group.id}`;
  const value = { nodes: { '127.0.0.1:8080': 1 } };
  const put = await manager.request(`${path}/upstreams/${id}`, { tenantId, method: 'PUT', body: { value } });
  expect(put.status, JSON.stringify(put.body)).toBe(200);
  const { revision: baseRevision } = (await manager.request<GatewayGroup>(path, { tenantId })).body;
  const published = await manager.request(`${path}/publish`, { tenantId, body: { baseRevision } });
  expect(published.status, JSON.stringify(published.body)).toBe(200);
  return baseRevision + 1;
}

describe('config stream', () => {
  it('sends a snapshot of both sequences whose hashes are those of the content', async () => {
    const stream = await (await scene.enrol()).stream();
    await synced(stream);
    expect(stream.lines[0]).toMatchObject({ type: 'hello', poolId: scene.group.poolId });
    const [revision, access] = ends(stream);
    expect(revision).toMatchObject({ groupId: scene.group.id, hash: hashOf(stream.lines, 'revision') });
    expect(access).toMatchObject({ groupId: scene.group.id, hash: hashOf(stream.lines, 'access') });
    stream.close();
  });

  it('pushes a publish as a delta within a second', async () => {
    const stream = await (await scene.enrol()).stream();
    await synced(stream);
    const revision = await publishUpstream('pushed');
    const answeredAt = performance.now();
    await synced(stream, 2);
    expect(performance.now() - answeredAt).toBeLessThan(1_000);
    const begin = stream.lines.findLast((line) => line.type === 'begin');
    expect(begin).toMatchObject({ mode: 'delta', from: revision - 1, to: revision });
    expect(stream.lines).toContainEqual(expect.objectContaining({ type: 'put', kind: 'upstream', id: 'pushed' }));
    stream.close();
  });

  it('sends nothing to who is up to date, a delta to who is behind, a snapshot to who has another history', async () => {
    const client = await scene.enrol();
    const first = await client.stream();
    await synced(first);
    const [revision, access] = ends(first);
    if (revision === undefined || !('revision' in revision) || access === undefined || !('access' in access)) {
      throw new Error('no snapshot came');
    }
    first.close();
    const held = { groupId: scene.group.id, revision: revision.revision, access: access.access };

    const same = await client.stream([{ ...held, revisionHash: revision.hash, accessHash: access.hash }]);
    await synced(same);
    expect(ends(same)).toEqual([]);
    same.close();

    const other = await client.stream([{ ...held, revisionHash: '1'.repeat(64) }]);
    await synced(other);
    expect(other.lines).toContainEqual(
      expect.objectContaining({ type: 'begin', sequence: 'revision', mode: 'snapshot' }),
    );
    other.close();

    const ahead = await client.stream([{ ...held, revision: held.revision + 100 }]);
    await synced(ahead);
    expect(ahead.lines).toContainEqual(
      expect.objectContaining({ type: 'begin', sequence: 'revision', mode: 'snapshot' }),
    );
    ahead.close();
  });

  it('takes positions of a pool of one group from the query', async () => {
    const client = await scene.enrol();
    const first = await client.streamFrom(0, 0);
    await synced(first);
    const [revision] = ends(first);
    first.close();
    const again = await client.streamFrom(revision !== undefined && 'revision' in revision ? revision.revision : 0, 0);
    await synced(again);
    expect(ends(again).filter((line) => 'revision' in line)).toEqual([]);
    again.close();
  });

  it('is closed when the instance is revoked, and every request is refused from then on', async () => {
    const client = await scene.enrol();
    const stream = await client.stream();
    await synced(stream);
    const path = `/api/v1/data-planes/${client.identity.dataPlaneId}/revoke`;
    const revoked = await manager.request<DataPlane>(path, { tenantId: scene.tenant.tenantId, method: 'POST' });
    expect(revoked.body).toMatchObject({ status: 'offline' });
    await eventually(() => expect(stream.isClosed()).toBe(true), { withinMs: 1_000, everyMs: 1 });
    const answer = await client.post(linkPaths.ack, {});
    expect(answer).toMatchObject({ status: 403, body: { code: 'link.instance_revoked' } });
  });

  it('carries a drain to the data plane, also to one that connects later', async () => {
    const client = await scene.enrol();
    const stream = await client.stream();
    await synced(stream);
    const path = `/api/v1/data-planes/${client.identity.dataPlaneId}/drain`;
    await manager.request(path, { tenantId: scene.tenant.tenantId, method: 'POST' });
    const drained = expect.objectContaining({ type: 'command', action: { name: 'drain' } }) as unknown;
    await eventually(() => expect(stream.lines).toContainEqual(drained), { withinMs: 2_000 });
    stream.close();
    const later = await client.stream();
    await eventually(() => expect(later.lines).toContainEqual(drained), { withinMs: 2_000 });
    later.close();
  });
});

describe('acknowledgements', () => {
  it('show what each data plane has in force, and what it refused', async () => {
    const client = await scene.enrol();
    const change = { groupId: scene.group.id, sequence: 'revision' };
    const refused = {
      outcome: 'refused',
      ...change,
      position: 8,
      reason: 'invalid',
      detail: 'no such policy',
      faults: [],
    };
    const tell = (...acknowledgements: unknown[]) => client.post(linkPaths.ack, { acknowledgements });
    expect((await tell({ outcome: 'applied', ...change, position: 7 }, refused)).status).toBe(204);
    const read = async () => {
      const path = `/api/v1/data-planes/${client.identity.dataPlaneId}`;
      return (await manager.request<DataPlane>(path, { tenantId: scene.tenant.tenantId })).body.groups;
    };
    expect(await read()).toMatchObject([{ revision: 7, refusal: { position: 8, detail: 'no such policy' } }]);
    await tell({ outcome: 'applied', ...change, position: 9 });
    expect(await read()).toMatchObject([{ revision: 9, refusal: null }]);
  });
});

describe('the door', () => {
  it('is shut without a certificate, but for enrol and renew', async () => {
    for (const path of [linkPaths.config, linkPaths.ack, linkPaths.heartbeats, linkPaths.usage, linkPaths.telemetry]) {
      expect(await scene.client.post(path, {})).toMatchObject({
        status: 401,
        body: { code: 'link.certificate_required' },
      });
    }
  });

  it('is shut for a certificate of another CA with the same name', async () => {
    const client = await scene.enrol();
    const foreign = await startGatewayManager(inject('databaseUrl'), manyEnrolments);
    try {
      const other = await (await setScene(foreign)).enrol();
      const stranger = new LinkClient(client.url, client.identity.root, other.identity);
      expect(await stranger.post(linkPaths.ack, {})).toMatchObject({
        status: 401,
        body: { code: 'link.certificate_refused' },
      });
    } finally {
      await foreign.close();
    }
  });

  it('uses the same CA after a restart', async () => {
    const authority = manager.service.app.get(CertificateAuthority, { strict: false });
    const { fingerprint } = authority;
    await authority.refresh();
    expect(authority.fingerprint).toBe(fingerprint);
    const rows = await manager.database.query<{ kind: string }>('select kind from gateway.certificate_authorities');
    expect(rows.map(({ kind }) => kind).sort()).toEqual(['intermediate', 'root']);
  });

  it('answers wrong input with problem documents', async () => {
    const client = await scene.enrol();
    const cases: [string, unknown, number, string][] = [
      [linkPaths.usage, '{"half":', 400, 'request.malformed'],
      [linkPaths.heartbeats, { version: 1 }, 400, 'request.invalid'],
      [linkPaths.ack, { acknowledgements: [] }, 400, 'request.invalid'],
      [linkPaths.config, { groups: 'all' }, 400, 'request.invalid'],
      [linkPaths.telemetry, `"${'x'.repeat(300_000)}"`, 413, 'request.too_large'],
      ['/link/v1/nothing', {}, 404, 'resource.not_found'],
      ['//', {}, 404, 'resource.not_found'],
    ];
    for (const [path, body, status, code] of cases) {
      expect(await client.post(path, body), path).toMatchObject({ status, body: { code } });
    }
    expect(await client.post(linkPaths.ack, {}, { 'tollgate-link-protocol': '99' })).toMatchObject({ status: 426 });
    expect(await client.send('GET', `${linkPaths.config}?revision=-1`)).toMatchObject({ status: 400 });
  });
});

describe('usage', () => {
  const row = (change: Partial<UsageRow> = {}): UsageRow => ({
    minute: 1_760_000_040,
    groupId: scene.group.id,
    tenantId: scene.tenant.tenantId,
    routeId: 'r1',
    consumer: null,
    status: 200,
    calls: 1,
    billable: 1,
    latencySumUs: 10,
    latency: [[1, 1]],
    bytesIn: 1,
    bytesOut: 1,
    ...change,
  });
  const batch = (rows: UsageRow[], sequence = 1): UsageBatch => ({
    epoch: randomBytes(16).toString('hex'),
    sequence,
    rows,
  });

  it('is accepted once, and repeated without harm when the answer was lost', async () => {
    const client = await scene.enrol();
    const sent = batch([row()]);
    expect((await client.usage(sent)).status).toBe(204);
    expect((await client.usage(sent)).status).toBe(204);
  });

  it('is refused when a sequence number comes again with other content', async () => {
    const client = await scene.enrol();
    const sent = batch([row()]);
    await client.usage(sent);
    expect(await client.usage({ ...sent, rows: [row({ calls: 2 })] })).toMatchObject({
      status: 409,
      body: { code: 'usage.content_changed' },
    });
  });

  it('is refused for groups that the pool does not serve, naming the rows', async () => {
    const client = await scene.enrol();
    const foreign = [row({ groupId: newId('grp') }), row({ tenantId: newId('tnt') })];
    expect(await client.usage(batch([row(), ...foreign]))).toMatchObject({
      status: 403,
      body: { code: 'usage.foreign_group', errors: [{ pointer: '/rows/1' }, { pointer: '/rows/2' }] },
    });
  });

  describe('that is larger than the bus takes', () => {
    const manyMicroseconds = 9e15;
    const latency = Array.from({ length: 160 }, (): [number, number] => [0, manyMicroseconds]);
    const tooLarge = () => batch(Array.from({ length: 1_180 }, () => row({ latency })));

    it('is refused for good, also when it fits the link as it was written', async () => {
      const client = await scene.enrol();
      const written = JSON.stringify(tooLarge()).replaceAll(String(manyMicroseconds), '9e15');
      expect(written.length).toBeLessThan(linkBodyLimits.usage);
      expect(await client.post(linkPaths.usage, written)).toMatchObject({
        status: 413,
        body: { code: 'request.too_large', detail: 'The event bus takes no batch of this size.' },
      });
    });

    it('takes no batch of another data plane down with it', async () => {
      const intake = manager.service.app.get(UsageIntake, { strict: false });
      const notAfter = new Date(Date.now() + 60_000);
      const accept = (sent: UsageBatch) =>
        intake.accept(
          { dataPlaneId: newId('dp'), poolId: scene.group.poolId, serial: '01', notAfter },
          { batch: sent, raw: randomBytes(16) },
        );
      const [large, ...others] = await Promise.allSettled([tooLarge(), batch([row()]), batch([row()])].map(accept));
      expect(large).toMatchObject({ status: 'rejected', reason: { definition: { status: 413 } } });
      expect(others).toMatchObject([{ status: 'fulfilled' }, { status: 'fulfilled' }]);
    });
  });
});

describe('telemetry', () => {
  it('is taken', async () => {
    const client = await scene.enrol();
    const entry = { kind: 'health', at: new Date().toISOString(), fields: { node: '10.0.0.1', healthy: true } };
    expect((await client.post(linkPaths.telemetry, { dropped: 2, entries: [entry] })).status).toBe(202);
  });
});
