import { argon2, randomBytes, timingSafeEqual, type Argon2Parameters } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(argon2);

/** OWASP's recommendation for argon2id: 19 MiB, two passes, one lane. */
const memoryKib = 19_456;
const passes = 2;
const parallelism = 1;
const tagLength = 32;
const form = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$/;

/** Hashes passwords with argon2id into PHC strings and checks them. */
export class Passwords {
  readonly #nobodysHash = this.hash(randomBytes(16).toString('hex'));

  /** PHC string with the parameters and a salt of its own. */
  async hash(password: string): Promise<string> {
    const nonce = randomBytes(16);
    const tag = await tagOf(password, { nonce, memory: memoryKib, passes, parallelism });
    return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${encode(nonce)}$${encode(tag)}`;
  }

  /**
   * Whether `password` is the one that was hashed. Without a hash (an unknown person, or one without a password) it takes the same time
   * and is false.
   */
  async matches(password: string, hash: string | null): Promise<boolean> {
    const known = hash === null ? null : form.exec(hash);
    const [, memory, time, lanes, nonce, tag] = known ?? form.exec(await this.#nobodysHash) ?? [];
    if (nonce === undefined || tag === undefined) throw new Error('the stand-in hash has no known form');
    const parameters = {
      nonce: Buffer.from(nonce, 'base64'),
      memory: Number(memory),
      passes: Number(time),
      parallelism: Number(lanes),
    };
    const isEqual = timingSafeEqual(await tagOf(password, parameters), Buffer.from(tag, 'base64'));
    return known !== null && isEqual;
  }
}

/** Unicode forms that look the same are the same password. */
function tagOf(password: string, parameters: Omit<Argon2Parameters, 'message' | 'tagLength'>): Promise<Buffer> {
  return derive('argon2id', { ...parameters, message: password.normalize('NFKC'), tagLength });
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
