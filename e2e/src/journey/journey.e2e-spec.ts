import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, inject, it } from 'vitest';
import { startInstallation } from '../installation/start-installation.ts';
import { playJourney } from './journey.ts';
import { JourneyLog } from './journey-log.ts';
import { newCast } from './world.ts';

const buses = [
  { bus: 'Redis Streams', env: (): Record<string, string> => ({}) },
  { bus: 'Kafka', env: (): Record<string, string> => ({ KAFKA_BROKERS: inject('kafkaBrokers') }) },
].filter(({ bus }) => bus !== 'Kafka' || !process.env.TOLLGATE_SKIP?.includes('kafka'));

describe.each(buses)('one API call all the way through, over $bus', ({ env }) => {
  it('is enforced, counted and billed exactly', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tollgate-journey-'));
    const installation = await startInstallation({ dataDir: join(folder, 'data'), env: env() });
    try {
      const outcome = await playJourney({
        installation: installation.addresses,
        cast: newCast(),
        log: new JourneyLog(),
        folder,
      });
      expect(outcome.counted).toBe(outcome.calls);
      expect(outcome.billed).toBe(outcome.billable);
      expect(outcome.revokeToRefusedMs).toBeLessThan(1000);
      const { calls, passed, dataPlanes, lease } = outcome.quota;
      process.stdout.write(`quota of ${calls} calls, ${dataPlanes} data planes, lease ${lease}: ${passed} passed\n`);
      expect(passed).toBeGreaterThanOrEqual(calls);
      expect(passed - calls).toBeLessThanOrEqual(dataPlanes * lease);
    } finally {
      await installation.stop();
      await rm(folder, { recursive: true, force: true });
    }
  });
});
