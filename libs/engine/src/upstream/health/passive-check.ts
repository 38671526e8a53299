import type { Upstream } from '@tollgate/contracts/gateway';
import { StatusSet } from './status-set.ts';

/** An upstream's `checks.passive`, ready to judge answers of calls. */
export class PassiveCheck {
  readonly successes: number;
  readonly httpFailures: number;
  readonly tcpFailures: number;
  readonly timeouts: number;
  readonly #healthy: StatusSet;
  readonly #unhealthy: StatusSet;

  constructor({ type, healthy, unhealthy }: NonNullable<NonNullable<Upstream['checks']>['passive']>) {
    this.successes = healthy.successes;
    this.httpFailures = unhealthy.http_failures;
    this.tcpFailures = unhealthy.tcp_failures;
    this.timeouts = unhealthy.timeouts;
    const isTcp = type === 'tcp';
    this.#healthy = new StatusSet(isTcp ? [] : healthy.http_statuses);
    this.#unhealthy = new StatusSet(isTcp ? [] : unhealthy.http_statuses);
  }

  isHealthy(status: number): boolean {
    return this.#healthy.has(status);
  }

  isUnhealthy(status: number): boolean {
    return this.#unhealthy.has(status);
  }
}
