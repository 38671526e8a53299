import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsPath } from './config.ts';
import type { CliContext } from './context.ts';
import { readCredentials, writeCredentials } from './credentials.ts';
import { run } from './run.ts';

/** Nothing listens there: port 1 of the loopback. */
const nobody = 'http://127.0.0.1:1';

let folder: string;
let said: string;
let context: CliContext;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tollgate-cli-'));
  said = '';
  const note = (text: string) => void (said += text);
  context = { config: { XDG_CONFIG_HOME: folder }, out: note, note, askPassword: () => Promise.resolve('secret') };
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the command line', () => {
  it('ends with 1 and its help when it does not know a command or option', async () => {
    expect(await run(context, ['fly'])).toBe(1);
    expect(said).toContain('Usage: tollgate');
    expect(await run(context, ['rollback', '--group', 'edge', '--to', 'minus-one'])).toBe(1);
    expect(said).toContain('whole number above 0');
  });

  it('ends with 0 when asked for help', async () => {
    expect(await run(context, ['publish', '--help'])).toBe(0);
    expect(said).toContain('--dry-run');
  });

  it('says how to log in when nobody has', async () => {
    expect(await run(context, ['whoami', '--url', nobody])).toBe(1);
    expect(said).toContain(`tollgate login --url ${nobody}`);
  });

  it('does not hand the kept token to another installation', async () => {
    await writeCredentials(credentialsPath(context.config), { url: 'http://console.example', token: 'tg_secret' });
    expect(await run(context, ['whoami', '--url', nobody])).toBe(1);
    expect(said).toContain('You are not logged in');
  });

  it('says that an installation does not answer', async () => {
    context.config.TOLLGATE_TOKEN = 'tg_secret';
    expect(await run(context, ['whoami', '--url', nobody])).toBe(1);
    expect(said).toContain('does not answer');
    expect(said).not.toContain('tg_secret');
  });
});

describe('the kept log-in', () => {
  it('is readable by its owner only and replaced as a whole', async () => {
    const path = credentialsPath(context.config);
    await writeCredentials(path, { url: 'http://console.example', token: 'one' });
    await writeCredentials(path, { url: 'http://console.example', token: 'two' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readCredentials(path)).toEqual({ url: 'http://console.example', token: 'two' });
    expect(await readdir(join(folder, 'tollgate'))).toEqual(['credentials.json']);
  });

  it('counts as none when the file is damaged', async () => {
    const path = credentialsPath(context.config);
    await writeCredentials(path, { url: 'http://console.example', token: 'one' });
    await writeFile(path, '{"url":');
    expect(await readCredentials(path)).toBeNull();
  });
});
