import { clientKeyOf } from '../matching/canonical-address.ts';

/** How many connections may be open at the same time. */
export interface ConnectionBounds {
  readonly connections: number;
  /** From one address; of IPv6 from one /64. */
  readonly connectionsPerClient: number;
  /** Infinity where one tenant has the data plane to itself. */
  readonly connectionsPerTenant: number;
}

/** Whose share a connection was over. */
export type Overstep = 'client' | 'tenant';

/** Clients over their share that are told so before they are cut off; those beyond are cut off at once. */
const mostBeingRefused = 256;

/**
 * Counts the open connections of a process: in all, per client and per tenant. A connection belongs to its client once that is known
 * (after the PROXY protocol), and to the tenant of its last request. The maps have an entry per client and tenant that is connected.
 */
export class ConnectionLimits {
  readonly bounds: ConnectionBounds;
  readonly byClient = new Map<string, number>();
  readonly byTenant = new Map<string, number>();
  open = 0;
  beingRefused = 0;

  constructor(bounds: ConnectionBounds) {
    this.bounds = bounds;
  }

  /** A connection has been accepted; null when there is no room for it. */
  enter(): ConnectionLease | null {
    return this.open < this.bounds.connections ? new ConnectionLease(this) : null;
  }
}

/** The place that one connection takes up until it leaves. */
export class ConnectionLease {
  readonly #limits: ConnectionLimits;
  #client: string | null = null;
  #tenant: string | null = null;
  #isRefused = false;
  #hasLeft = false;

  constructor(limits: ConnectionLimits) {
    this.#limits = limits;
    limits.open++;
  }

  /**
   * Whose connection it is has become known. When that client has too many, the connection may stay to be told so with its first request
   * (`refused`) unless too many are being told already (`full`).
   */
  nameClient(address: string): 'taken' | 'refused' | 'full' {
    const { byClient, bounds } = this.#limits;
    const key = clientKeyOf(address);
    if (add(byClient, key, bounds.connectionsPerClient)) {
      this.#client = key;
      return 'taken';
    }
    if (this.#limits.beingRefused >= mostBeingRefused) return 'full';
    this.#isRefused = true;
    this.#limits.beingRefused++;
    return 'refused';
  }

  /** A request has come, for a tenant or for nobody; tells whose share is used up, if any is. */
  admit(tenantId: string | null): Overstep | null {
    if (this.#isRefused) return 'client';
    return tenantId === null || tenantId === this.#tenant || this.#moveTo(tenantId) ? null : 'tenant';
  }

  /** The connection is gone. May be called again. */
  leave(): void {
    if (this.#hasLeft) return;
    this.#hasLeft = true;
    const limits = this.#limits;
    limits.open--;
    if (this.#isRefused) limits.beingRefused--;
    if (this.#client !== null) subtract(limits.byClient, this.#client);
    if (this.#tenant !== null) subtract(limits.byTenant, this.#tenant);
  }

  #moveTo(tenantId: string): boolean {
    const { byTenant, bounds } = this.#limits;
    if (bounds.connectionsPerTenant === Infinity) return true;
    if (this.#hasLeft || !add(byTenant, tenantId, bounds.connectionsPerTenant)) return false;
    if (this.#tenant !== null) subtract(byTenant, this.#tenant);
    this.#tenant = tenantId;
    return true;
  }
}

function add(counts: Map<string, number>, key: string, most: number): boolean {
  const count = counts.get(key) ?? 0;
  if (count >= most) return false;
  counts.set(key, count + 1);
  return true;
}

function subtract(counts: Map<string, number>, key: string): void {
  const count = counts.get(key) ?? 0;
  if (count > 1) counts.set(key, count - 1);
  else counts.delete(key);
}
