import type { Tracer } from '@opentelemetry/api';
import type { LimitFunction } from 'p-limit';
import type { BusLogger } from '../bus/bus-logger.ts';
import type { StoredRecord } from '../bus/event-bus.ts';
import type { DeadLetters } from '../dead-letters/dead-letters.ts';
import { replayForHeader } from '../dead-letters/replay.ts';
import type { MessagingMetrics } from '../metrics/messaging-metrics.ts';
import { describeFailure } from './failures.ts';
import type { RetryPolicy } from './retries.ts';

/** What every consumer works with. */
export interface ConsumerContext {
  readonly group: string;
  readonly deadLetters: DeadLetters;
  readonly retries: RetryPolicy;
  /** Bounds how many units of work the consumers of a service hold at once: each takes a database connection. */
  readonly unitSlots: LimitFunction;
  readonly metrics: MessagingMetrics;
  readonly tracer: Tracer;
  readonly logger: BusLogger;
}

/** True for a record that was published again for the sake of another group. */
export function isForOthers(record: StoredRecord, group: string): boolean {
  const only = record.headers[replayForHeader];
  return only !== undefined && only !== group;
}

/** Puts a record aside that the group cannot take. */
export async function putAside(
  context: ConsumerContext,
  record: StoredRecord,
  kind: 'malformed' | 'failed',
  cause: unknown,
): Promise<void> {
  const { group, deadLetters, logger, metrics, retries } = context;
  const attempts = kind === 'failed' ? retries.attempts : 1;
  await deadLetters.add(record, { kind, error: describeFailure(cause), attempts });
  metrics.delivered.inc({ consumer: group, outcome: 'dead_lettered' });
  const { topic, partition, position } = record;
  logger.error({ err: cause, group, topic, partition, position, kind }, 'event became a dead letter');
}
