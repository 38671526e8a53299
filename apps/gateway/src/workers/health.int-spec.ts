import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { GatewayResource } from '@tollgate/contracts/gateway';
import { eventually } from '@tollgate/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { call, callAtOnce, groupId, startWorkers, withinMs } from './testing/workers-scene.ts';

const workers = 3;

interface TestNode {
  readonly address: string;
  /** How often it was asked how it is. */
  probes: number;
  /** How often it was called. */
  calls: number;
}

/** A node that answers calls, and questions about its health, with these statuses. */
async function startNode(status: number, health: number): Promise<TestNode> {
  const node = { address: '', probes: 0, calls: 0 };
  const server = createServer((request, response) => {
    if (request.url === '/health') node.probes++;
    else node.calls++;
    response.writeHead(request.url === '/health' ? health : status).end();
  });
  onTestFinished(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(node, { address: `127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function routeTo(nodes: readonly TestNode[], checks: object): GatewayResource {
  const weights = Object.fromEntries(nodes.map(({ address }) => [address, 1]));
  return { kind: 'route', id: 'a', value: { uri: '/a', upstream: { nodes: weights, checks } } };
}

const active = {
  http_path: '/health',
  healthy: { interval: 1, successes: 1 },
  unhealthy: { interval: 1, http_failures: 1 },
};

/** Calls that every worker gets some of. */
const calls = (port: number) => callAtOnce(60, port, '/a');
const allWell = new Set([200]);

describe('nodes that are not healthy', () => {
  it('are found by one probing for all workers, which leave them out, those that start later too', async () => {
    const [well, ill] = [await startNode(200, 200), await startNode(503, 500)];
    const { plane, port, threads, states } = await startWorkers(workers, [routeTo([well, ill], { active })]);
    await eventually(async () => expect(new Set(await calls(port))).toEqual(allWell), { withinMs });
    expect(plane.status().health).toMatchObject({ healthy: 1, unhealthy: 1, troubled: [{ node: ill.address }] });
    const before = ill.probes;
    await eventually(() => expect(ill.probes - before).toBeGreaterThanOrEqual(3), { withinMs });
    // Once per second for the data plane; each worker for itself would have asked three times as often.
    expect(well.probes).toBeLessThanOrEqual(ill.probes + 2);
    await threads[0]?.terminate();
    await eventually(() => expect(states()).toEqual(['serving', 'serving', 'serving']), { withinMs });
    expect(new Set(await calls(port))).toEqual(allWell);
  });

  it('are left out by every worker once the calls of one have shown it', async () => {
    const [well, ill] = [await startNode(200, 200), await startNode(503, 200)];
    const passive = { unhealthy: { http_statuses: [503], http_failures: 1 } };
    // Probes are there, but change nothing: what is known comes from calls.
    const idle = {
      http_path: '/health',
      healthy: { interval: 250, successes: 254 },
      unhealthy: { interval: 250, http_failures: 254 },
    };
    const { plane, port } = await startWorkers(workers, [routeTo([well, ill], { active: idle, passive })]);
    const oneConnection = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => oneConnection.destroy());
    const seenByOne = [await call(port, '/a', oneConnection), await call(port, '/a', oneConnection)];
    expect(seenByOne.sort()).toEqual([200, 503]);
    await eventually(() => expect(plane.status().health).toMatchObject({ unhealthy: 1 }), { withinMs });
    // Workers do what they are told in order: with this change in force all have been told of the node, too.
    const put: GatewayResource[] = [{ kind: 'route', id: 'b', value: { uri: '/b' } }];
    expect(await plane.apply(groupId, 'revision', { put })).toMatchObject({ ok: true });
    expect(new Set(await calls(port))).toEqual(allWell);
    expect(ill.calls).toBe(1);
  });
});
