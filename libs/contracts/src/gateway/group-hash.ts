import { hash } from 'node:crypto';
import type { ResourceKind } from './resource.ts';

const bits = 256;

/**
 * The hash of all resources of one sequence of a group: the sum modulo 2^256 of SHA-256 over each (kind, id, content hash).
 * It does not depend on the order of changes, and a change costs one addition and one subtraction, however large the group.
 */
export class GroupHash {
  #sum: bigint;

  private constructor(sum: bigint) {
    this.#sum = sum;
  }

  /** The hash of no resources. */
  static empty(): GroupHash {
    return new GroupHash(0n);
  }

  /** Continues from a stored {@link value}; throws when it is not 64 hexadecimal digits. */
  static from(value: string): GroupHash {
    if (!/^[0-9a-f]{64}$/.test(value)) throw new TypeError('a group hash has 64 lower-case hexadecimal digits');
    return new GroupHash(BigInt(`0x${value}`));
  }

  /** 64 lower-case hexadecimal digits. */
  get value(): string {
    return this.#sum.toString(16).padStart(64, '0');
  }

  add(kind: ResourceKind, id: string, contentHash: string): this {
    this.#sum = BigInt.asUintN(bits, this.#sum + term(kind, id, contentHash));
    return this;
  }

  remove(kind: ResourceKind, id: string, contentHash: string): this {
    this.#sum = BigInt.asUintN(bits, this.#sum - term(kind, id, contentHash));
    return this;
  }

  /** A copy that changes apart from this one. */
  clone(): GroupHash {
    return new GroupHash(this.#sum);
  }
}

function term(kind: ResourceKind, id: string, contentHash: string): bigint {
  return BigInt(`0x${hash('sha256', `${kind}\n${id}\n${contentHash}`)}`);
}
