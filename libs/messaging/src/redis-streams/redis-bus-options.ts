import type { BusLogger } from '../bus/bus-logger.ts';

/** How the Redis transport behaves. Defaults suit the embedded server. */
export interface RedisBusOptions {
  readonly url: string;
  readonly logger: BusLogger;
  /** How long a killed member's partitions stay unread, milliseconds. Default 6,000. */
  readonly leaseMs?: number;
  /** Records a partition holds at most before publishers have to wait. Default 20,000. */
  readonly maxBacklog?: number;
  /** Records a partition may hold before acknowledged ones are freed. Default 1,000. */
  readonly trimAbove?: number;
}

/** {@link RedisBusOptions} without gaps. */
export type RedisBusSettings = Required<RedisBusOptions>;

/** Fills in the defaults. */
export function redisBusSettings(options: RedisBusOptions): RedisBusSettings {
  return { leaseMs: 6000, maxBacklog: 20_000, trimAbove: 1000, ...options };
}
