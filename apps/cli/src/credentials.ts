import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

const stored = z.object({ url: z.url(), token: z.string().min(1) });

/** A kept log-in: where, and with which access token. */
export type StoredCredentials = z.output<typeof stored>;

/** The kept log-in, or null when there is none or the file is damaged. */
export async function readCredentials(path: string): Promise<StoredCredentials | null> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    return stored.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** Keeps a log-in, readable by its owner only. The file is replaced as a whole. */
export async function writeCredentials(path: string, credentials: StoredCredentials): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const next = `${path}.${process.pid}`;
  await writeFile(next, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, path);
}

/** Forgets the kept log-in. */
export async function forgetCredentials(path: string): Promise<void> {
  await rm(path, { force: true });
}
