import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FreePortTaken } from './free-port-taken.ts';

/** What Node says of a port that somebody listens on already. */
async function portInUse(): Promise<{ port: number; error: unknown }> {
  const first = createServer().listen(0, '127.0.0.1');
  await once(first, 'listening');
  const { port } = first.address() as AddressInfo;
  const second = createServer().listen(port, '127.0.0.1');
  const [error] = (await once(second, 'error')) as [Error];
  first.close();
  return { port, error };
}

describe('a port in use', () => {
  it('is a reason to start again when it was chosen because it was free', async () => {
    const { port, error } = await portInUse();
    expect(FreePortTaken.explain(error, new Set([port]))).toBeInstanceOf(FreePortTaken);
  });

  it('is an error when it was asked for', async () => {
    const { port, error } = await portInUse();
    expect(FreePortTaken.explain(error, new Set([port + 1]))).toBe(error);
  });

  it('is nothing that other errors are mistaken for', () => {
    const error = new Error('no database');
    expect(FreePortTaken.explain(error, new Set([0]))).toBe(error);
  });
});
