import { afterEach, describe, expect, it } from 'vitest';
import { resource, send, startEngine, startUpstream, type TestEngine, type TestUpstream } from '../testing/index.ts';

const running: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  for (const part of running.splice(0).reverse()) await part.stop();
});

async function start(upstream: TestUpstream, route: Record<string, unknown> = {}): Promise<TestEngine> {
  running.push(upstream);
  const engine = await startEngine(
    { policies: [] },
    { revision: [resource('route', 'r1', { uri: '/*', upstream: { nodes: { [upstream.address]: 1 } }, ...route })] },
  );
  running.push(engine);
  return engine;
}

describe('a forwarded call', () => {
  it('reaches the upstream with its path, query and headers', async () => {
    const { port } = await start(await startUpstream());
    const answer = await send(port, '/x?a=1', { headers: { 'x-own': 'v' } });
    expect(answer.status).toBe(200);
    expect(answer.json()).toMatchObject({ method: 'GET', url: '/x?a=1', headers: { 'x-own': 'v', host: 'api.test' } });
  });
});
