import { send, type TestEngine } from '@tollgate/engine/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { startGateway } from '../testing.ts';

let gateway: TestEngine;
afterEach(() => gateway.stop());

async function answer(options: Record<string, unknown>, plugins: Record<string, unknown> = {}) {
  gateway = await startGateway({ plugins: { 'response-rewrite': options, ...plugins } });
  return send(gateway.port, '/');
}

describe('response-rewrite', () => {
  it('changes status, body and headers', async () => {
    const headers = { set: { 'content-type': 'text/plain', 'x-status': '$request_method' }, remove: ['date'] };
    const changed = await answer({ status_code: 201, body: 'new', headers });
    expect([changed.status, changed.text]).toEqual([201, 'new']);
    expect(changed.headers).toMatchObject({ 'content-type': 'text/plain', 'content-length': '3', 'x-status': 'GET' });
  });

  it('reads bodies in base64', async () => {
    expect((await answer({ body: Buffer.from('new').toString('base64'), body_base64: true })).text).toBe('new');
  });

  it('changes only answers that fit its condition', async () => {
    expect((await answer({ body: 'new', vars: [['status', '==', 500]] })).text).not.toBe('new');
    await gateway.stop();
    expect((await answer({ body: 'new', vars: [['status', '==', 200]] })).text).toBe('new');
  });

  it('also changes what other policies answer', async () => {
    const refused = await answer({ headers: { 'x-own': '1' } }, { 'key-auth': {} });
    expect([refused.status, refused.headers['x-own']]).toEqual([401, '1']);
  });
});
