import { environmentCreated, environmentDeleted, tenantCreated } from '@tollgate/contracts/events';
import type { EventDefinition } from '@tollgate/contracts/events';
import type { Database } from '@tollgate/persistence';
import { describe, expect, it } from 'vitest';
import type { ConsumerContext } from './consumer-context.ts';
import { consumerGroups, type ConsumerGroupsInput } from './consumer-groups.ts';

const handle = async (): Promise<void> => undefined;
const on = (definition: EventDefinition<never>) => ({
  consumer: 'copy',
  definition: definition as EventDefinition,
  handle,
});
const inBatches = { ...on(tenantCreated as never), maxBatch: 7, maxWaitMs: 30 };

/** Groups are only described here, so neither database nor context is ever touched. */
const groupsOf = (given: Pick<ConsumerGroupsInput, 'events' | 'batches'>) =>
  consumerGroups({ service: 'iam', database: {} as Database, contextOf: () => ({}) as ConsumerContext, ...given });

describe('consumer groups', () => {
  it('are one per consumer, named after service and consumer, over the topics of its events', () => {
    const events = new Map([
      ['copy', [on(environmentCreated as never), on(environmentDeleted as never), on(tenantCreated as never)]],
    ]);
    expect(groupsOf({ events, batches: new Map() })).toMatchObject([
      { group: 'iam.copy', topics: [environmentCreated.topic, tenantCreated.topic], maxWaitMs: 0 },
    ]);
  });

  it('in batches keep the limits of their handler', () => {
    expect(groupsOf({ events: new Map(), batches: new Map([['copy', [inBatches]]]) })).toMatchObject([
      { group: 'iam.copy', topics: [tenantCreated.topic], maxBatch: 7, maxWaitMs: 30 },
    ]);
  });

  it('refuse an event that is handled twice', () => {
    const events = new Map([['copy', [on(tenantCreated as never), on(tenantCreated as never)]]]);
    expect(() => groupsOf({ events, batches: new Map() })).toThrow('handles iam.tenant.created.v1 twice');
  });

  it('refuse a consumer that takes events both singly and in batches, or has two batch handlers', () => {
    const events = new Map([['copy', [on(environmentCreated as never)]]]);
    expect(() => groupsOf({ events, batches: new Map([['copy', [inBatches]]]) })).toThrow('both singly and in batches');
    expect(() => groupsOf({ events: new Map(), batches: new Map([['copy', [inBatches, inBatches]]]) })).toThrow(
      'more than one',
    );
  });
});
