import type { Serving } from './serving.ts';

/** How a data plane gets its configuration and where its usage goes. */
export interface Mode {
  readonly serving: Serving;
  /** Whether everything that can be served is in force. */
  isReady(): boolean;
  describe(): object;
  /** Calls under way finish first; then what was counted is made safe. */
  stop(): Promise<void>;
}
