import { createHash } from 'node:crypto';
import type { Caller, CredentialDirectory, CredentialMatch } from '@tollgate/engine';

/** Keys of a gateway group that are remembered at least; at most twice as many. Hashing one takes a few microseconds. */
const rememberedKeys = 16_384;

/** Longer keys are looked up each time, so that nobody fills memory with long ones. */
const longestRemembered = 256;

/** What a key has led to. */
export interface KnownKey {
  readonly hash: string;
  /** Of the directory when it was asked. */
  version: number;
  state: CredentialMatch['state'] | 'unknown';
  /** Null unless the key is active. */
  caller: Caller | null;
  /** Milliseconds since the epoch; null = never. */
  expiresAt: number | null;
}

/** The SHA-256 of a key in lower-case hexadecimal: what credentials are found by. */
export function sha256(key: string): string {
  return createHash('sha256').update(key).digest('hex');
}

/**
 * Keys that were presented lately and what they lead to, so that a call with one of them costs a single look-up. Two generations bound it:
 * when the young one is full it becomes the old one, and what is used of the old one moves over.
 */
export class RememberedKeys {
  #young = new Map<string, KnownKey>();
  #old = new Map<string, KnownKey>();

  /** What a key leads to by the newest access state. */
  find(key: string, credentials: CredentialDirectory): KnownKey {
    const known = this.#young.get(key) ?? this.#remember(key);
    if (known.version !== credentials.version) lookUp(known, credentials);
    return known;
  }

  #remember(key: string): KnownKey {
    const known = this.#old.get(key) ?? newKey(key);
    if (key.length > longestRemembered) return known;
    if (this.#young.size >= rememberedKeys) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, known);
    return known;
  }
}

function newKey(key: string): KnownKey {
  return { hash: sha256(key), version: -1, state: 'unknown', caller: null, expiresAt: null };
}

function lookUp(known: KnownKey, credentials: CredentialDirectory): void {
  const match = credentials.find(known.hash);
  known.version = credentials.version;
  known.state = match === undefined ? 'unknown' : match.state;
  known.caller = match?.state === 'active' ? match.caller : null;
  const expiresAt = match?.state === 'active' ? match.options['expires_at'] : undefined;
  known.expiresAt = typeof expiresAt === 'string' ? Date.parse(expiresAt) : null;
}
