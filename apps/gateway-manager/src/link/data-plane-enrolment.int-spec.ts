import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@tollgate/testing';
import { describe, expect, it } from 'vitest';
import { dataPlaneScene, timeout, withinMs } from './testing/data-plane-scene.ts';

const scene = dataPlaneScene();

describe('a data plane that enrols', { timeout }, () => {
  it('needs nothing but link, token and state folder: it enrols, serves, acknowledges and shows online', async () => {
    const plane = await scene.enrolAndStart();
    const revision = await scene.publishRoute();
    await scene.serves(plane);
    await eventually(
      async () => {
        const seen = await scene.read(plane);
        expect(seen).toMatchObject({
          status: 'online',
          groups: [{ groupId: scene.group.id, revision, refusal: null }],
        });
        expect(Math.abs(seen.clockOffsetMs ?? Number.NaN)).toBeLessThan(1_000);
      },
      { withinMs },
    );
    const { mode } = await stat(join(scene.stateDir, 'identity', 'identity.json'));
    expect(mode & 0o777).toBe(0o600);
  });

  it('refuses to give its token to a control plane whose CA the token does not name', async () => {
    const token = await scene.token();
    const forged = token.slice(0, -64) + '0'.repeat(64);
    await expect(scene.start({ TOLLGATE_ENROL_TOKEN: forged })).rejects.toThrow(/CA of the control plane/);
    await expect(scene.start({ TOLLGATE_ENROL_TOKEN: token })).resolves.toBeDefined();
  });

  it('ends with the reason when its token is refused', async () => {
    const token = await scene.token();
    const first = await scene.start({ TOLLGATE_ENROL_TOKEN: token });
    await first.end('SIGTERM');
    await rm(join(scene.stateDir, 'identity'), { recursive: true });
    await expect(scene.start({ TOLLGATE_ENROL_TOKEN: token })).rejects.toThrow(/link\.token_refused/);
  });

  it('renews its certificate when a third of its time is over, and goes on with the new one', async () => {
    const first = await scene.enrolAndStart();
    await scene.ready(first);
    await first.end('SIGTERM');
    const path = join(scene.stateDir, 'identity', 'identity.json');
    const read = async () => JSON.parse(await readFile(path, 'utf8')) as { certificateChain: string };
    const { certificateChain, ...identity } = await read();
    await writeFile(path, JSON.stringify({ ...identity, certificateChain, renewAt: new Date().toISOString() }));
    const second = await scene.start();
    await eventually(async () => expect((await read()).certificateChain).not.toBe(certificateChain), { withinMs });
    const revision = await scene.publishRoute();
    await eventually(async () => expect((await second.status()).groups).toMatchObject([{ revision }]), { withinMs });
  });
});
