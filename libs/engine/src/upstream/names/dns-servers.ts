import type { RecordWithTtl, SrvRecord } from 'node:dns';
import { getServers, Resolver } from 'node:dns/promises';

/** The name servers say that there is no such name, or that it has no such record. */
export class NameNotFoundError extends Error {
  override readonly name = 'NameNotFoundError';
}

/** No name server has answered. */
export class NameServersFailedError extends Error {
  override readonly name = 'NameServersFailedError';
}

/** Which name servers, and how long to wait for one. */
export interface DnsServersOptions {
  /** `address` or `address:port`; default: those of the system. */
  readonly servers?: readonly string[] | undefined;
  /** After which the next server is asked. */
  readonly timeoutMs: number;
}

const notFoundCodes = new Set(['ENOTFOUND', 'ENODATA']);

/** Asks name servers: always the one that answered last, the others in turn when it fails. */
export class DnsServers {
  readonly addresses: readonly string[];
  readonly #resolvers: readonly Resolver[];
  #preferred = 0;

  /** Throws when a server is not written as an address. */
  constructor({ servers, timeoutMs }: DnsServersOptions) {
    this.addresses = servers ?? getServers();
    // A packet may get lost: where there is no other server to ask, the same one is asked again.
    const tries = this.addresses.length === 1 ? 2 : 1;
    this.#resolvers = this.addresses.map((address) => {
      const resolver = new Resolver({ timeout: timeoutMs, tries });
      resolver.setServers([address]);
      return resolver;
    });
  }

  /** The server that is asked first; undefined when there is none. */
  get preferred(): string | undefined {
    return this.addresses[this.#preferred];
  }

  /** Rejects with {@link NameNotFoundError} or {@link NameServersFailedError}, as all of these do. */
  async resolve4(name: string): Promise<RecordWithTtl[]> {
    return this.#ask((resolver) => resolver.resolve4(name, { ttl: true }));
  }

  async resolve6(name: string): Promise<RecordWithTtl[]> {
    return this.#ask((resolver) => resolver.resolve6(name, { ttl: true }));
  }

  async resolveSrv(name: string): Promise<SrvRecord[]> {
    return this.#ask((resolver) => resolver.resolveSrv(name));
  }

  async #ask<T>(query: (resolver: Resolver) => Promise<T>): Promise<T> {
    const first = this.#preferred;
    let failure: unknown = new Error('there is no name server');
    for (let step = 0; step < this.#resolvers.length; step++) {
      const index = (first + step) % this.#resolvers.length;
      try {
        const answer = await query(this.#resolvers[index]!);
        this.#preferred = index;
        return answer;
      } catch (cause) {
        if (notFoundCodes.has(codeOf(cause))) {
          this.#preferred = index;
          throw new NameNotFoundError('there is no such name', { cause });
        }
        failure = cause;
      }
    }
    throw new NameServersFailedError(`no name server answered: ${codeOf(failure)}`, { cause: failure });
  }
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
}
