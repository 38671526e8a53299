import type { Logger } from 'pino';
import type { Serving, ServingParts } from './serving.ts';
import type { CallMetrics } from './status/call-metrics.ts';

/** What every mode works with. */
export interface ModeParts extends Pick<ServingParts, 'spawn'> {
  readonly metrics: CallMetrics;
  readonly logger: Logger;
}

/** How a data plane gets its configuration and where its usage goes. */
export interface Mode {
  readonly serving: Serving;
  /** Whether everything that can be served is in force. */
  isReady(): boolean;
  /** Brings what {@link describe} tells up to date. */
  collect(): Promise<void>;
  /** What `/status` shows beside the state of the workers. */
  describe(): object;
  /** Reads anew what can be: its file, or its identity and what the control plane has for it; replaces the workers, without failing a call. */
  reload(): Promise<void>;
  /** Calls under way finish first; then what was counted is made safe. */
  stop(): Promise<void>;
}
