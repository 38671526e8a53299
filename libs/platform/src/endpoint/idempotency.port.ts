/** One Idempotency-Key of one principal. */
export interface IdempotencyKey {
  /** Absent for principals of the platform itself. */
  tenantId: string | undefined;
  principalId: string;
  operationId: string;
  key: string;
  /** SHA-256 of the request: the same key with another body is refused. */
  requestHash: string;
}

export type IdempotencyState =
  /** Never seen: go on, then `complete` or `abandon`. */
  | { state: 'new' }
  /** Another request with this key is under way. */
  | { state: 'running' }
  /** Seen with another request. */
  | { state: 'mismatch' }
  /** Done before: answer the same again. `response` is what was given to `complete`. */
  | { state: 'done'; status: number; response: string };

/** Remembers answers of creates for 24 hours. Implemented by `libs/persistence`. */
export interface IdempotencyStore {
  begin(key: IdempotencyKey): Promise<IdempotencyState>;
  complete(key: IdempotencyKey, status: number, response: string): Promise<void>;
  /** The request failed: the key may be used again. */
  abandon(key: IdempotencyKey): Promise<void>;
}
