import { Pool } from 'undici';
import { upstreamMark } from './recording-upstream.ts';

/** What came back for one call. */
export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  /** The upstream answered, not the gateway. */
  isFromUpstream: boolean;
}

/** The client of a gateway group that keeps the books: what it saw is the truth that counters are held against. */
export class Caller {
  private readonly pools: Pool[];
  private readonly host: string;
  private readonly byStatus = new Map<number, number>();
  private total = 0;
  private forwarded = 0;

  constructor(gatewayUrl: string, host: string) {
    this.host = host;
    this.pools = [new Pool(gatewayUrl, { connections: 8 })];
  }

  /** Another data plane of the group; calls name it by the number that comes back. */
  addGateway(gatewayUrl: string): number {
    return this.pools.push(new Pool(gatewayUrl, { connections: 8 })) - 1;
  }

  /** Calls that were answered so far. */
  get calls(): number {
    return this.total;
  }

  /** Calls that the upstream answered so far. */
  get billable(): number {
    return this.forwarded;
  }

  /** Calls by status. */
  get statuses(): ReadonlyMap<number, number> {
    return this.byStatus;
  }

  async call(path: string, options: { key?: string; method?: string; gateway?: number } = {}): Promise<Answer> {
    const pool = this.pools[options.gateway ?? 0];
    if (pool === undefined) throw new Error(`there is no gateway ${options.gateway}`);
    const { statusCode, headers, body } = await pool.request({
      path,
      method: options.method ?? 'GET',
      headers: { host: this.host, ...(options.key === undefined ? {} : { apikey: options.key }) },
    });
    const text = await body.text();
    const isFromUpstream = headers[upstreamMark] !== undefined;
    this.total += 1;
    if (isFromUpstream) this.forwarded += 1;
    this.byStatus.set(statusCode, (this.byStatus.get(statusCode) ?? 0) + 1);
    return { status: statusCode, headers, body: text, isFromUpstream };
  }

  async close(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.close()));
  }
}
