import type { Page } from '@tollgate/ui';
import type { Permission } from '../../app/session.ts';
import type { AccessToken } from './tokens.ts';

/** A token as it is asked for. */
export interface NewToken {
  readonly name: string;
  readonly permissions: Permission[];
  readonly expiresInDays: number;
}

/** Where tokens come from: one's own, or those of a service account. */
export interface TokenSource {
  readonly key: readonly unknown[];
  readonly list: (page: { cursor: string | undefined; signal: AbortSignal }) => Promise<Page<AccessToken>>;
  /** @returns the token itself, once. */
  readonly create: (token: NewToken, header: { 'idempotency-key': string }) => Promise<{ token: string }>;
  readonly revoke: (tokenId: string) => Promise<unknown>;
}
