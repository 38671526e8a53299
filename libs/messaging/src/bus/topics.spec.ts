import { eventCatalogue } from '@tollgate/contracts/events';
import { describe, expect, it } from 'vitest';
import { catalogueTopics, consumerGroup, deadLetterTopic } from './topics.ts';

describe('topics', () => {
  it('hold every event of the catalogue, each topic once', () => {
    const names = catalogueTopics().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(new Set(names)).toEqual(new Set(eventCatalogue().map(({ topic }) => topic)));
  });

  it('have three partitions, usage twelve', () => {
    for (const { name, partitions } of catalogueTopics()) {
      expect(partitions, name).toBe(name === 'tollgate.usage.batch' ? 12 : 3);
    }
  });

  it('keep dead letters for thirty days, apart per consumer group', () => {
    expect(deadLetterTopic(consumerGroup('iam', 'audit-chain'))).toEqual({
      name: 'tollgate.dead.iam.audit-chain',
      partitions: 3,
      retentionMs: 30 * 24 * 60 * 60 * 1000,
      unread: 'keep',
    });
  });
});
