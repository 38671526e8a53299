import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startIam, type TestIam } from '../testing/start-iam.ts';

let iam: TestIam;
beforeAll(async () => {
  iam = await startIam(inject('databaseUrl'), { RATE_LIMIT_SENSITIVE_PER_MINUTE: '5' });
});
afterAll(() => iam.close());

describe('an address', () => {
  it('may try to sign up, log in and the like five times a minute, all taken together', async () => {
    const tries = [
      ['/api/v1/auth/sign-up', {}],
      ['/api/v1/auth/login', { email: 'a@example.org', password: 'wrong' }],
      ['/api/v1/auth/accept-invitation', { token: 'x', password: 'long enough for one' }],
      ['/api/v1/auth/request-password-reset', { email: 'a@example.org' }],
      ['/api/v1/auth/reset-password', { token: 'x', password: 'long enough for one' }],
    ] as const;
    const allowed = [];
    for (const [path, body] of tries) allowed.push((await iam.anybody.post(path, body)).status);
    expect(allowed).toEqual([400, 401, 404, 202, 404]);
    for (const [path, body] of tries) {
      const refused = await iam.anybody.post(path, body);
      expect([refused.status, refused.body['code']], path).toEqual([429, 'request.rate_limited']);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    }
  });
});
