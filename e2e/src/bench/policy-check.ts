import { request } from 'undici';
import { type BenchRequest, benchHost } from './load/requests.ts';
import { type PolicySet, probeOf } from './policy-set.ts';

const remainingHeader = 'x-ratelimit-remaining';

/** Throws unless a target really does what the set asks for: who is faster by doing less is no peer. */
export async function checkPolicies(name: string, port: number, set: PolicySet): Promise<void> {
  const probe = probeOf(set);
  if (set.group.consumers !== undefined) {
    await expectStatus(name, port, { path: probe.path }, 401);
    await expectStatus(name, port, { path: probe.path, headers: { apikey: 'bench-key-unknown' } }, 401);
  }
  const first = await expectStatus(name, port, probe, 200);
  const second = await expectStatus(name, port, probe, 200);
  if (first - second !== 1) throw new Error(`${name} does not count calls: ${first}, then ${second} are left`);
  await expectStatus(name, port, { ...probe, path: '/beside-every-route' }, 404);
}

/** Gives how many calls the answer says are left; NaN when it does not say. */
async function expectStatus(name: string, port: number, wanted: BenchRequest, status: number): Promise<number> {
  const { statusCode, headers, body } = await request(`http://127.0.0.1:${port}${wanted.path}`, {
    headers: { host: benchHost, ...wanted.headers },
    reset: true,
  });
  await body.dump();
  if (statusCode !== status) throw new Error(`${name} answers ${wanted.path} with ${statusCode}, not ${status}`);
  return Number(headers[remainingHeader]);
}
