import type { ErrorDefinition } from '@tollgate/contracts/errors';
import type { HeaderList } from '../execute/header-list.ts';

/** A request's body on its way to an upstream: as it comes from the client, or from memory. */
export interface ForwardedBody {
  /** What Content-Length says; null without. */
  readonly bytes: number | null;
  /** Why it cannot be passed on; null while it can. */
  readonly fault: ErrorDefinition | null;
  /** True once a byte has been used up: from then on the body cannot be sent to another node. */
  readonly hasBegun: boolean;
  readonly isComplete: boolean;
  /** Trailers can follow. Where they can is known from the start, since HTTP/2 has to be told then. */
  readonly mayTrail: boolean;
  /** What follows a body that is complete, as far as it is passed on; null when nothing does. */
  readonly trailers: HeaderList | null;
  /** Moves what there is to `target` at `offset`, framed to be sent. @returns the offset behind it. */
  moveTo(target: Buffer, offset: number): number;
  /** The body goes where messages are framed otherwise: only its content is moved. */
  leaveUnframed(): void;
  /** It goes to a node, or to another one after one that has failed. */
  restart(): void;
  /** The node is slower. */
  block(): void;
  unblock(): void;
}
