import type { StreamStatus } from './stream-call.ts';
import type { StreamDirectory, StreamMatch } from './stream-directory.ts';

/** The status with which a stream is refused before any node is asked; null when it is not. */
export function refusalOf({ program }: StreamMatch, directory: StreamDirectory): StreamStatus | null {
  if (program.access.groupSuspension() !== undefined) return 403;
  return directory.isAccessStale(program) ? 503 : null;
}
