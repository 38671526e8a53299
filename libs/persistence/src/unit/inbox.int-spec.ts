import { newId } from '@tollgate/contracts';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { sampleSchema } from '../testing/sample-schema.ts';
import { createTestDatabase, type TestDatabase } from '../testing/test-database.ts';
import type { Database } from './database.ts';
import { forgetInbox, recordInbox } from './inbox.ts';

let test: TestDatabase;
let database: Database;

beforeAll(async () => {
  test = await createTestDatabase(inject('databaseUrl'), [sampleSchema]);
  database = await test.connect(sampleSchema);
});
afterAll(() => test.drop());

const take = (consumer: string, eventId: string) =>
  database.inTenant(newId('tnt'), (unit) => recordInbox(unit, consumer, eventId));

describe('the inbox', () => {
  it('lets an event take effect once per consumer', async () => {
    const eventId = newId('evt');
    expect(await take('analytics.usage', eventId)).toBe(true);
    expect(await take('analytics.usage', eventId)).toBe(false);
    expect(await take('analytics.alerts', eventId)).toBe(true);
    expect(await database.inSystem('event-inbox', (unit) => recordInbox(unit, 'analytics.usage', eventId))).toBe(false);
  });

  it('lets one of many simultaneous deliveries through', async () => {
    const eventId = newId('evt');
    const taken = await Promise.all(Array.from({ length: 10 }, () => take('analytics.usage', eventId)));
    expect(taken.filter(Boolean)).toHaveLength(1);
  });

  it('forgets the event with a unit that fails', async () => {
    const eventId = newId('evt');
    const failing = database.inTenant(newId('tnt'), async (unit) => {
      await recordInbox(unit, 'analytics.usage', eventId);
      throw new Error('the effect failed');
    });
    await expect(failing).rejects.toThrow('the effect failed');
    expect(await take('analytics.usage', eventId)).toBe(true);
  });

  it('is emptied of what is older than asked, and of nothing else', async () => {
    const [old, young] = [newId('evt'), newId('evt')];
    await take('analytics.retention', old);
    await take('analytics.retention', young);
    await test.query(`update analytics.inbox set received_at = now() - interval '60 days' where event_id = $1`, [old]);
    expect(await forgetInbox(database, new Date(Date.now() - 45 * 24 * 3_600_000))).toBe(1);
    expect(await take('analytics.retention', young)).toBe(false);
  });
});
