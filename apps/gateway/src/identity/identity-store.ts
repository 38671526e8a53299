import { join } from 'node:path';
import { issuedIdentity } from '@tollgate/contracts/dataplane';
import { z } from 'zod';
import { readIfPresent, replaceFile } from '../files.ts';

const storedIdentity = issuedIdentity.extend({
  /** PKCS#8, PEM. It never leaves the machine. */
  privateKey: z.string().startsWith('-----BEGIN PRIVATE KEY-----'),
});

/** Who this data plane is, and its key. */
export type Identity = z.infer<typeof storedIdentity>;

/** The identity on disk: one file of mode 0600, replaced as a whole, so key and certificate always belong together. */
export class IdentityStore {
  readonly #path: string;

  constructor(stateDir: string) {
    this.#path = join(stateDir, 'identity', 'identity.json');
  }

  /** Null before enrolment. @throws Error when the file is there and cannot be understood. */
  async load(): Promise<Identity | null> {
    const content = await readIfPresent(this.#path);
    return content === null ? null : storedIdentity.parse(JSON.parse(content.toString('utf8')));
  }

  async save(identity: Identity): Promise<void> {
    await replaceFile(this.#path, JSON.stringify(identity));
  }
}
