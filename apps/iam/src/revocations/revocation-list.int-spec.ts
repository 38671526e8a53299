import { revocationKey } from '@tollgate/auth';
import { startRedis } from '@tollgate/embedded';
import { eventually } from '@tollgate/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'));
});
afterAll(() => iam.close());

const withinMs = 20_000;

async function isKnown(url: string, credentialId: string): Promise<boolean> {
  const client = new Redis(url, { lazyConnect: true });
  try {
    await client.connect();
    return (await client.exists(revocationKey(credentialId))) === 1;
  } finally {
    client.disconnect();
  }
}

describe('a log-out', () => {
  it('holds while Redis is away, and reaches Redis when it is back', async () => {
    const owner = await iam.anybody.signUp();
    const credentialId = owner.session?.sessionId ?? '';
    const { token: internal } = await iam.edge.exchange(owner.credential ?? '');
    const { port } = iam.redis;
    await iam.redis.kill();

    expect((await iam.edge.sendAs(internal, 'POST', '/api/v1/auth/logout')).status).toBe(204);
    expect((await iam.edge.sendAs(internal, 'GET', '/api/v1/me')).status).toBe(401);
    await expect(iam.edge.exchange(owner.credential ?? '')).rejects.toMatchObject({ definition: { status: 401 } });

    const redis = await startRedis({ dataDir: iam.redisFolder, port, volatile: true });
    try {
      await eventually(async () => expect(await isKnown(redis.url, credentialId)).toBe(true), { withinMs });
    } finally {
      await iam.service.close();
      await redis.stop();
    }
  });
});
