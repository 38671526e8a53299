import type { Ledger } from '../account/ledger.ts';
import type { EngineMetrics } from '../metrics.ts';
import type { AddressGuard } from '../upstream/address-guard.ts';
import type { Exchange } from './exchange.ts';
import type { EngineLimits } from './limits.ts';

/** What every exchange works with. */
export interface ExchangeServices {
  readonly limits: EngineLimits;
  readonly guard: AddressGuard;
  readonly ledger: Ledger;
  readonly metrics: EngineMetrics;
  /** The page that explains error codes. */
  readonly docsUrl: string;
  /** Milliseconds since the epoch, corrected by the clock offset. */
  readonly now: () => number;
  /** The exchange has been counted. */
  readonly ended: (exchange: Exchange) => void;
}
