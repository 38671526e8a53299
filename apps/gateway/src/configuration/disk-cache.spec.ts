import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '@tollgate/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadDataKey } from './data-key.ts';
import { type CachedGroup, DiskCache } from './disk-cache.ts';

const none = { secret: undefined, secretFile: undefined };
const wrapped = { secret: 'a secret of at least 32 characters!', secretFile: undefined };
const group: CachedGroup = {
  groupId: newId('grp'),
  revision: {
    position: 3,
    hash: 'ab',
    resources: [{ kind: 'upstream', id: 'hidden-upstream', text: '{"nodes":{"10.0.0.1:80":1}}' }],
  },
  access: { position: 0, hash: '00', resources: [] },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-cache-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('the configuration on disk', () => {
  it('comes back as it was saved', async () => {
    await new DiskCache(folder, await loadDataKey(folder, none)).save([group]);
    expect(await new DiskCache(folder, await loadDataKey(folder, none)).load()).toMatchObject({ groups: [group] });
  });

  it('remembers when it was last known to be current', async () => {
    const cache = new DiskCache(folder, await loadDataKey(folder, none));
    expect(await cache.load()).toBeNull();
    await cache.save([group]);
    const confirmedAt = Date.parse('2026-01-02T03:04:05Z');
    await cache.touch(new Date(confirmedAt));
    expect(await cache.load()).toMatchObject({ confirmedAt });
  });

  it('is readable with the key only, and neither file by others', async () => {
    await new DiskCache(folder, await loadDataKey(folder, none)).save([group]);
    const content = await readFile(join(folder, 'config.bin'));
    expect(content.includes('hidden-upstream')).toBe(false);
    for (const name of ['config.bin', 'config.key']) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
  });

  it('is refused when a byte of it was changed', async () => {
    const cache = new DiskCache(folder, await loadDataKey(folder, none));
    await cache.save([group]);
    const content = await readFile(join(folder, 'config.bin'));
    content[content.length - 1] = (content.at(-1) ?? 0) ^ 1;
    await writeFile(join(folder, 'config.bin'), content);
    await expect(cache.load()).rejects.toThrow();
  });

  it('needs the secret that its key is wrapped by', async () => {
    const key = await loadDataKey(folder, wrapped);
    expect(await loadDataKey(folder, wrapped)).toEqual(key);
    expect((await readFile(join(folder, 'config.key'))).includes(key)).toBe(false);
    await expect(loadDataKey(folder, { ...wrapped, secret: 'another secret of 32 characters!!' })).rejects.toThrow();
  });

  it('takes the wrapping secret from a file', async () => {
    const key = await loadDataKey(folder, wrapped);
    const secretFile = join(folder, 'secret');
    await writeFile(secretFile, `${wrapped.secret}\n`);
    expect(await loadDataKey(folder, { secret: undefined, secretFile })).toEqual(key);
  });
});
