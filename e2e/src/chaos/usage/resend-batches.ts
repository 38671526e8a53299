import { usageBatchAccepted } from '@tollgate/contracts/events';
import { type BusRecord, createEventBus, type EventBus } from '@tollgate/messaging';
import { poll } from '../../support/poll.ts';
import type { SeededRandom } from '../random.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const mostAtOnce = 200;

/** Puts batches on the bus once more, in another order; gives how many. Tries again while the bus is away. */
export async function resendBatches(
  address: Parameters<typeof createEventBus>[0],
  random: SeededRandom,
): Promise<number> {
  const bus = createEventBus(address, 'chaos-usage', silent);
  try {
    return await poll('batches are sent again', () => resend(bus, random).catch(() => undefined), {
      withinMs: 60_000,
      everyMs: 500,
    });
  } finally {
    await bus.close();
  }
}

async function resend(bus: EventBus, random: SeededRandom): Promise<number> {
  const records: BusRecord[] = [];
  for await (const { topic, key, value, headers } of bus.read(usageBatchAccepted.topic)) {
    records.push({ topic, key, value, headers });
  }
  const chosen = random.shuffled(records).slice(0, mostAtOnce);
  await bus.publish(chosen);
  return chosen.length;
}
