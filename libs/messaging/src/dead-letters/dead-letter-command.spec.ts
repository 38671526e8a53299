import { tenantResumed, type TopicEvent } from '@tollgate/contracts/events';
import { newId } from '@tollgate/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BusRecord, EventBus, StoredRecord } from '../bus/event-bus.ts';
import { toRecord } from '../bus/event-codec.ts';
import { DeadLetters } from './dead-letters.ts';
import { DeadLetterUsageError, runDeadLetterCommand } from './dead-letter-command.ts';
import { replayForHeader } from './replay.ts';

const group = 'iam.audit-chain';

/** Keeps records in memory; nothing consumes. */
class MemoryBus implements EventBus {
  readonly records: StoredRecord[] = [];

  async publish(records: readonly BusRecord[]): Promise<void> {
    for (const record of records)
      this.records.push({ ...record, partition: 0, position: String(this.records.length), storedAtMs: 0 });
  }
  async *read(topic: string): AsyncIterable<StoredRecord> {
    yield* this.records.filter((record) => record.topic === topic);
  }
  subscribe(): never {
    throw new Error('nobody subscribes here');
  }
  async ensureTopics(): Promise<void> {}
  async check(): Promise<void> {}
  async close(): Promise<void> {}
}

const resumed = (): TopicEvent => {
  const tenantId = newId('tnt');
  return tenantResumed.create({ subject: tenantId, tenantId, data: { tenantId } });
};
const stored = (record: BusRecord): StoredRecord => ({ ...record, partition: 2, position: '17', storedAtMs: 0 });

describe('the dead-letter command', () => {
  let bus: MemoryBus;
  let printed: string;
  const first = resumed();
  const second = resumed();
  const run = (...args: string[]): Promise<void> => runDeadLetterCommand(args, bus, (text) => (printed += text));
  const replayed = (): StoredRecord[] => bus.records.filter(({ headers }) => headers[replayForHeader] !== undefined);

  beforeEach(async () => {
    bus = new MemoryBus();
    printed = '';
    const letters = new DeadLetters(bus, group);
    await letters.add(stored(toRecord(first)), { kind: 'failed', error: 'Error: no', attempts: 5 });
    await letters.add(stored(toRecord(second)), { kind: 'failed', error: 'Error: no', attempts: 5 });
    await letters.add(stored({ topic: first.topic, key: 'k', value: '{', headers: {} }), {
      kind: 'malformed',
      error: 'not JSON',
      attempts: 1,
    });
  });

  it('lists each letter as a line of JSON with the event’s id and the reason', async () => {
    await run('list', group);
    const lines = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines).toMatchObject([
      {
        group,
        record: { id: first.envelope.id, type: first.envelope.type },
        reason: { kind: 'failed', attempts: 5 },
        from: { partition: 2, position: '17' },
      },
      { record: { id: second.envelope.id } },
      { reason: { kind: 'malformed', error: 'not JSON' } },
    ]);
  });

  it('replays letters as they were, for their group only', async () => {
    await run('replay', group);
    expect(printed).toBe('3 replayed, 0 left out\n');
    const { headers, ...record } = toRecord(first);
    expect(replayed()[0]).toMatchObject({ ...record, headers: { ...headers, [replayForHeader]: group } });
    expect(Object.keys(replayed()[0]?.headers ?? {}).filter((name) => name.startsWith('tollgate-dead'))).toEqual([]);
  });

  it.each([
    ['one event', ['--id', first.envelope.id], 1],
    ['two events', ['--id', first.envelope.id, '--id', second.envelope.id], 2],
    ['a type', ['--type', first.envelope.type], 2],
    ['another type', ['--type', 'iam.tenant.created.v1'], 0],
    ['a kind', ['--kind', 'malformed'], 1],
    ['the past', ['--since', '2020-01-01T00:00:00Z'], 3],
    ['the future', ['--since', '2999-01-01T00:00:00Z'], 0],
  ])('may be limited to %s', async (_what, options, count) => {
    await run('replay', group, ...options);
    expect(printed).toBe(`${count} replayed, ${3 - count} left out\n`);
    expect(replayed()).toHaveLength(count);
  });

  it.each([
    [[]],
    [['list']],
    [['drop', group]],
    [['list', group, 'more']],
    [['list', group, '--since', 'soon']],
    [['list', group, '--what']],
  ])('refuses %j', async (args) => {
    await expect(run(...args)).rejects.toThrow(DeadLetterUsageError);
    expect(printed).toBe('');
  });
});
