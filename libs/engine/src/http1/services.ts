import type { Ledger } from '../account/ledger.ts';
import type { EngineLimits } from '../execute/limits.ts';
import type { EngineMetrics } from '../metrics.ts';
import type { Program } from '../compile/program.ts';
import type { Deadlines } from '../sockets/deadlines.ts';
import type { Scratch } from '../sockets/scratch.ts';
import type { Connector } from '../upstream/connector.ts';
import type { DateField } from './date-field.ts';
import type { HeadReader } from './head-reader.ts';
import type { RequestIds } from './request-ids.ts';
import type { ResponseReader } from './response-reader.ts';
import type { TextCache } from './text-cache.ts';

/** Finds what serves a host. */
export interface ProgramDirectory {
  /** Raised by every change: what {@link findProgram} has told under the same generation still holds. */
  readonly generation: number;
  findProgram(host: string): Program | undefined;
  /** True when the group's access state is too old to be relied on. */
  isAccessStale(program: Program): boolean;
}

/** What the connections of one process work with. */
export interface HttpServices {
  readonly limits: EngineLimits;
  readonly ledger: Ledger;
  readonly metrics: EngineMetrics;
  /** The page that explains error codes. */
  readonly docsUrl: string;
  /** Milliseconds since the epoch, corrected by the clock offset. */
  readonly now: () => number;
  readonly directory: ProgramDirectory;
  readonly scratch: Scratch;
  readonly deadlines: Deadlines;
  readonly connector: Connector;
  readonly headReader: HeadReader;
  readonly responseReader: ResponseReader;
  readonly date: DateField;
  readonly requestIds: RequestIds;
  readonly texts: TextCache;
}
