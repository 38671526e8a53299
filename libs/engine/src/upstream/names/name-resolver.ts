import { lookup } from 'node:dns/promises';
import { type DnsServers, NameNotFoundError } from './dns-servers.ts';
import type { HostsFile } from './hosts-file.ts';

/** How names are resolved; times in seconds. */
export interface DnsOptions {
  /** Name servers, `address` or `address:port`; default: those of the system. */
  readonly servers?: readonly string[];
  /** After which the next server is asked. Default 1. */
  readonly timeoutSeconds?: number;
  /** How long every answer holds, whatever its TTL says. */
  readonly ttlOverrideSeconds?: number;
  /** How long an answer is still used after its TTL while no server answers. Default 600; 0 = not at all. */
  readonly staleSeconds?: number;
  /** How often SRV records are asked for, whose TTL Node does not tell. Default 10. */
  readonly srvRefreshSeconds?: number;
  /** Default `/etc/hosts`. */
  readonly hostsFile?: string;
}

/** What the name cache does, for the status page. */
export interface DnsStatus {
  readonly servers: readonly string[];
  /** The server that is asked first. */
  readonly preferred: string | null;
  /** Names whose answer is known. */
  readonly names: number;
  /** Names that are served from an answer whose TTL has passed because no server answers; at most 100. */
  readonly stale: readonly string[];
}

/** Finds the addresses of names. */
export interface NameResolver {
  /**
   * All addresses of a name, each time another one first, IPv4 before IPv6; at once when they are known.
   * Rejects when there is no such name, or no name server answers and none has lately.
   */
  resolve(host: string): readonly string[] | Promise<readonly string[]>;
}

interface Answer {
  readonly v4: readonly string[];
  readonly v6: readonly string[];
  readonly ttlMs: number;
}

interface Entry {
  answer: Answer | null;
  /** Why there is no answer. */
  failure: Error | null;
  /** On the clock of `performance.now()`. */
  expiresAt: number;
  refreshAt: number;
  staleUntil: number;
  /** No server answered when it was last asked for. */
  isFailing: boolean;
  query: Promise<void> | null;
  turn: number;
}

/** Names kept; the one that came first goes first. */
const maxNames = 10_000;
const maxQueries = 1_000;
const minTtlMs = 1_000;
const maxTtlMs = 3_600_000;
/** How long "there is no such name" holds, and after which servers that have failed are asked again. */
const negativeMs = 5_000;
const failureMs = 2_000;
/** TTL of what the system's own look-up says, which tells none. */
const lookupTtlMs = 10_000;
const maxListed = 100;

/**
 * Resolves names by the hosts file, then DNS with a cache that keeps to TTLs. One query is under way per name; a name in use is asked for
 * anew before its TTL has passed, so that calls do not wait.
 */
export class CachingNameResolver implements NameResolver {
  readonly #entries = new Map<string, Entry>();
  readonly #staleMs: number;
  readonly #ttlOverrideMs: number | null;
  readonly #looksUp: boolean;
  #queries = 0;

  constructor(
    private readonly servers: DnsServers,
    private readonly hosts: HostsFile,
    { servers: ownServers, staleSeconds = 600, ttlOverrideSeconds }: DnsOptions = {},
  ) {
    this.#staleMs = staleSeconds * 1000;
    this.#ttlOverrideMs = ttlOverrideSeconds === undefined ? null : ttlOverrideSeconds * 1000;
    this.#looksUp = ownServers === undefined;
  }

  resolve(host: string): readonly string[] | Promise<readonly string[]> {
    const name = host.toLowerCase().replace(/\.$/, '');
    const local = this.hosts.find(name);
    if (local !== undefined) return local;
    const entry = this.#entries.get(name) ?? this.#add(name);
    const nowMs = performance.now();
    const isKnown = nowMs < entry.expiresAt || (entry.isFailing && nowMs < entry.staleUntil);
    if (!isKnown) return this.#query(name, entry).then(() => read(entry));
    if (nowMs >= entry.refreshAt) void this.#query(name, entry);
    return entry.failure === null ? read(entry) : Promise.reject(entry.failure);
  }

  status(): DnsStatus {
    const nowMs = performance.now();
    const stale = [...this.#entries]
      .filter(([, { isFailing, answer, expiresAt }]) => isFailing && answer !== null && nowMs >= expiresAt)
      .map(([name]) => name);
    return {
      servers: this.servers.addresses,
      preferred: this.servers.preferred ?? null,
      names: this.#entries.size,
      stale: stale.slice(0, maxListed),
    };
  }

  #add(name: string): Entry {
    const entry: Entry = {
      answer: null,
      failure: null,
      expiresAt: -Infinity,
      refreshAt: Infinity,
      staleUntil: -Infinity,
      isFailing: false,
      query: null,
      turn: 0,
    };
    this.#entries.set(name, entry);
    if (this.#entries.size > maxNames) {
      const [oldest] = this.#entries.keys();
      if (oldest !== undefined) this.#entries.delete(oldest);
    }
    return entry;
  }

  /** Never rejects: what is found, or went wrong, stands in the entry. */
  #query(name: string, entry: Entry): Promise<void> {
    entry.query ??= this.#ask(name)
      .then(
        (answer) => this.#take(entry, answer),
        (cause: unknown) => this.#miss(entry, cause instanceof Error ? cause : new Error(String(cause))),
      )
      .finally(() => (entry.query = null));
    return entry.query;
  }

  #take(entry: Entry, answer: Answer): void {
    const ttlMs = this.#ttlOverrideMs ?? Math.min(maxTtlMs, Math.max(minTtlMs, answer.ttlMs));
    const nowMs = performance.now();
    entry.answer = answer;
    entry.failure = null;
    entry.isFailing = false;
    entry.expiresAt = nowMs + ttlMs;
    entry.refreshAt = nowMs + ttlMs * 0.8;
    entry.staleUntil = nowMs + ttlMs + this.#staleMs;
  }

  #miss(entry: Entry, failure: Error): void {
    const nowMs = performance.now();
    const isNegative = failure instanceof NameNotFoundError;
    if (!isNegative && entry.answer !== null && nowMs < entry.staleUntil) {
      entry.isFailing = true;
      entry.refreshAt = nowMs + failureMs;
      return;
    }
    entry.answer = null;
    entry.failure = failure;
    entry.isFailing = !isNegative;
    entry.expiresAt = nowMs + (isNegative ? negativeMs : failureMs);
    entry.staleUntil = -Infinity;
    entry.refreshAt = Infinity;
  }

  async #ask(name: string): Promise<Answer> {
    if (this.#queries >= maxQueries) throw new Error('too many names are being resolved');
    this.#queries++;
    try {
      return await this.#askServers(name);
    } catch (cause) {
      // Search domains and other sources of names of the system, which DNS servers know nothing of.
      if (!(cause instanceof NameNotFoundError) || !(this.#looksUp || !name.includes('.'))) throw cause;
      return await lookUp(name, cause);
    } finally {
      this.#queries--;
    }
  }

  async #askServers(name: string): Promise<Answer> {
    const [v4, v6] = await Promise.allSettled([this.servers.resolve4(name), this.servers.resolve6(name)]);
    const records = [v4, v6].flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    if (records.length === 0) throw whyNone([v4, v6]);
    return {
      v4: v4.status === 'fulfilled' ? v4.value.map(({ address }) => address) : [],
      v6: v6.status === 'fulfilled' ? v6.value.map(({ address }) => address) : [],
      ttlMs: Math.min(...records.map(({ ttl }) => ttl)) * 1000,
    };
  }
}

function read(entry: Entry): readonly string[] {
  const { answer, failure } = entry;
  if (answer === null) throw failure ?? new NameNotFoundError('there is no such name');
  const turn = entry.turn++;
  return [...rotated(answer.v4, turn), ...rotated(answer.v6, turn)];
}

function rotated(addresses: readonly string[], turn: number): readonly string[] {
  if (addresses.length < 2) return addresses;
  const start = turn % addresses.length;
  return [...addresses.slice(start), ...addresses.slice(0, start)];
}

/** A server that fails for one kind of address may still know another: "no such name" needs both to say so. */
function whyNone(outcomes: readonly PromiseSettledResult<unknown>[]): Error {
  const reasons = outcomes.map((outcome): unknown => (outcome.status === 'rejected' ? outcome.reason : null));
  const failed = reasons.find((reason) => reason !== null && !(reason instanceof NameNotFoundError));
  return failed instanceof Error ? failed : new NameNotFoundError('there is no such name');
}

async function lookUp(name: string, notFound: NameNotFoundError): Promise<Answer> {
  try {
    const found = await lookup(name, { all: true });
    const of = (family: number) => found.filter((one) => one.family === family).map(({ address }) => address);
    return { v4: of(4), v6: of(6), ttlMs: lookupTtlMs };
  } catch {
    throw notFound;
  }
}
