import { send, type TestEngine } from '@tollgate/engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../testing.ts';

let gateway: TestEngine;
afterEach(() => gateway.stop());

async function call(options: Record<string, unknown>, headers: Record<string, string> = {}) {
  gateway = await startGateway({ plugins: { 'request-id': options } });
  const answer = await send(gateway.port, '/', { headers });
  return { sent: answer.headers, received: (answer.json() as { headers: Record<string, string> }).headers };
}

describe('request-id', () => {
  it.each([
    ['uuid', /^[0-9a-f-]{36}$/],
    ['nanoid', /^[\w-]{21}$/],
    ['range_id', /^[A-Za-z0-9]{16}$/],
  ])('makes an id by %s for upstream and client', async (algorithm, form) => {
    const { sent, received } = await call({ header_name: 'x-trace', algorithm });
    expect(received['x-trace']).toMatch(form);
    expect(sent['x-trace']).toBe(received['x-trace']);
  });

  it('keeps the id that the client sends', async () => {
    const { sent, received } = await call({ header_name: 'x-trace' }, { 'x-trace': 'mine' });
    expect([sent['x-trace'], received['x-trace']]).toEqual(['mine', 'mine']);
  });

  it('keeps the id from the client when told to', async () => {
    const { sent, received } = await call({ header_name: 'x-trace', include_in_response: false });
    expect(sent).not.toHaveProperty('x-trace');
    expect(received).toHaveProperty('x-trace');
  });

  it('agrees with the gateway’s own id in its own header', async () => {
    const { sent, received } = await call({});
    expect(sent['x-request-id']).toBe(received['x-request-id']);
  });
});
