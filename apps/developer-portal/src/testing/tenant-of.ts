import type { IncomingMessage } from 'node:http';
import { principal } from '@tollgate/contracts/auth';
import { z } from 'zod';

/** The tenant that a service token acts in; whether the token is genuine is for the real service to check. */
export function tenantOf({ headers }: IncomingMessage): string {
  const claims = Buffer.from(headers.authorization?.split('.')[1] ?? '', 'base64url').toString();
  return z.object({ principal }).parse(JSON.parse(claims)).principal.tenantId ?? '';
}
