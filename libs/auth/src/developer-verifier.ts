import type { Principal } from '@tollgate/contracts/auth';

/** Injection token of the {@link DeveloperVerifier}; only `developer-portal` provides one. */
export const DEVELOPER_VERIFIER = Symbol('tollgate.developer-verifier');

/** Looks up a developer's session. Developers are a realm of their own: iam knows none of them. */
export interface DeveloperVerifier {
  verify(token: string): Promise<Principal | null>;
}
