import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Check, Scheme, Topic } from './check.ts';
import { type GatewayUnderTest, startGatewayUnderTest } from './gateway-under-test.ts';
import { times, topics } from './topics.ts';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await startGatewayUnderTest();
});
afterAll(() => gateway.stop());

const schemes: readonly Scheme[] = ['plain', 'tls'];
const checksOf = ({ checks }: Topic, scheme: Scheme): readonly Check[] =>
  checks.filter(({ over }) => over === undefined || over === scheme);

let checks = 0;
const play = async ({ run }: Check, scheme: Scheme): Promise<void> => {
  checks += 1;
  await run(await gateway.world(scheme, `check-${checks}`));
};

for (const scheme of schemes) {
  describe(`HTTP/1.1 over ${scheme}`, () => {
    for (const topic of topics) {
      describe(topic.title, () => {
        for (const check of checksOf(topic, scheme)) it(check.name, () => play(check, scheme));
      });
    }
  });
}

describe(times.title, { concurrent: true }, () => {
  for (const scheme of schemes) {
    for (const check of checksOf(times, scheme)) it(`${check.name}, over ${scheme}`, () => play(check, scheme));
  }
});

describe('after all of that', () => {
  it('the gateway has not ended once', () => {
    expect(gateway.deaths()).toBe(0);
  });

  it('no byte that the strict reference refuses has reached the upstream', () => {
    const faults = gateway.upstream.connections.map(({ fault }) => fault()).filter((fault) => fault !== null);
    expect(faults).toEqual([]);
  });
});
