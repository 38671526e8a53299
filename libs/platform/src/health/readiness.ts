/** Result of one dependency's check. */
export interface CheckResult {
  ok: boolean;
  /** Why not; meant for operators, holds no secret. */
  reason?: string;
}

const checkTimeoutMs = 2000;

/** What a service needs before it may get traffic. Ready only when every registered dependency answers. */
export class Readiness {
  private readonly checks = new Map<string, () => Promise<unknown>>();
  private readonly stopped = new AbortController();

  /** Aborted when the service stops: whoever answers with a long stream ends it then, as closing waits for every answer. */
  get stopping(): AbortSignal {
    return this.stopped.signal;
  }

  /** `check` rejects when the dependency is not usable; it gets two seconds. */
  register(name: string, check: () => Promise<unknown>): void {
    this.checks.set(name, check);
  }

  /** From now on not ready: load balancers send no new requests while those in flight finish. */
  stop(): void {
    this.stopped.abort();
  }

  async check(): Promise<{ ready: boolean; checks: Record<string, CheckResult> }> {
    const entries = await Promise.all(
      [...this.checks].map(async ([name, check]): Promise<[string, CheckResult]> => {
        try {
          await withTimeout(check());
          return [name, { ok: true }];
        } catch (error) {
          return [name, { ok: false, reason: error instanceof Error ? error.message : String(error) }];
        }
      }),
    );
    const checks = Object.fromEntries(entries);
    return { ready: !this.stopping.aborted && entries.every(([, result]) => result.ok), checks };
  }
}

async function withTimeout(work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs} ms`)), checkTimeoutMs);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
