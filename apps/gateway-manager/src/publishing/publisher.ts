import type { Principal } from '@tollgate/contracts/auth';
import type { Revision } from '@tollgate/contracts/rest/gateway';

/** Who made a revision, as it is kept with it. */
export function publisherOf({ kind, id, name }: Principal): Revision['publishedBy'] {
  return { kind, id, name: name ?? null };
}
