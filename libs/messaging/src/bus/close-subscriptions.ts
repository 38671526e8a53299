import type { BusLogger } from './bus-logger.ts';
import type { Subscription } from './event-bus.ts';

/** A handler that hangs must not keep its process from ending; what it has not acknowledged is delivered to another member. */
const closeWithinMs = 8000;

/** Closes subscriptions, and stops waiting for those whose handlers do not come to an end. */
export async function closeSubscriptions(subscriptions: Iterable<Subscription>, logger: BusLogger): Promise<void> {
  await Promise.all([...subscriptions].map((subscription) => closeOne(subscription, logger)));
}

async function closeOne(subscription: Subscription, logger: BusLogger): Promise<void> {
  const { promise: deadline, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    logger.warn({ group: subscription.group }, 'consumer left behind: its handler does not end');
    resolve();
  }, closeWithinMs);
  await Promise.race([subscription.close(), deadline]);
  clearTimeout(timer);
}
