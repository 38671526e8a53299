import type { EventBus } from '../bus/event-bus.ts';
import { readDeadLetters, type DeadLetter } from './dead-letters.ts';

/** Header that names the only consumer group for which a record was published again. */
export const replayForHeader = 'tollgate-replay-for';

/** What {@link replayDeadLetters} does. */
export interface ReplayInput {
  readonly bus: EventBus;
  /** Consumer group, `<service>.<consumer>`. */
  readonly group: string;
  /** Which letters to replay; default all. */
  readonly filter?: (letter: DeadLetter) => boolean;
}

/** How many letters were replayed, and how many the filter left out. */
export interface ReplayOutcome {
  readonly replayed: number;
  readonly left: number;
}

/**
 * Publishes dead letters again to the topics they came from, for their own consumer group only. What took effect meanwhile is
 * recognised by the inbox, so replaying twice does no harm. Letters stay until their retention ends.
 */
export async function replayDeadLetters({ bus, group, filter = () => true }: ReplayInput): Promise<ReplayOutcome> {
  let replayed = 0;
  let left = 0;
  for await (const letter of readDeadLetters(bus, group)) {
    if (!filter(letter)) {
      left += 1;
      continue;
    }
    const { record } = letter;
    await bus.publish([{ ...record, headers: { ...record.headers, [replayForHeader]: group } }]);
    replayed += 1;
  }
  return { replayed, left };
}
