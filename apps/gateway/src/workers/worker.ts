import { setImmediate } from 'node:timers/promises';
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { AddressSet, createEngine, type Engine } from '@tollgate/engine';
import { policies } from '@tollgate/policies';
import { giveMemoryBack, giveMemoryBackAfter } from '../give-memory-back.ts';
import { guardOf } from '../upstream-options.ts';
import { LoopDelay } from './loop-delay.ts';
import type { Done, FromWorker, ToWorker, WorkerStart } from './messages.ts';
import { UsagePoster } from './usage-poster.ts';
import { WorkerMetrics } from './worker-metrics.ts';

/** Also tells the primary that the worker is not stuck. */
const reportEveryMs = 1_000;
/** Where nobody collects usage, counters are only kept from growing; so often that it is little at a time. */
const forgetLedgerEveryMs = 1_000;
/** So many reports tell the delay of the loop over the same span. */
const delayReports = 10;
/** One of the threads that serve calls: an engine of its own, fed by the primary. */
class ServingWorker {
  /** Null where nobody collects usage. */
  readonly #usage: UsagePoster | null;
  readonly #delay = new LoopDelay();
  #reports = 0;

  constructor(
    private readonly engine: Engine,
    private readonly port: MessagePort,
    private readonly metrics: WorkerMetrics,
    private readonly start: WorkerStart,
  ) {
    const { usage, options } = start;
    if (usage === null) {
      this.#usage = null;
      setInterval(() => engine.forgetLedger(), forgetLedgerEveryMs);
      return;
    }
    this.#usage = new UsagePoster({
      drain: () => engine.drainLedger(),
      post: (rows) => usage.postMessage(rows),
      everyMs: options.usageEveryMs,
    });
    engine.whenCounted(this.#usage.counted);
  }

  run(): void {
    const groups = this.start.groups.splice(0);
    this.engine.setClockOffset(this.start.clockOffsetMs);
    this.engine.whenHealthChanged((update) => this.#post({ kind: 'health', update }));
    for (const { groupId, sequences, pieces, accessConfirmedAt } of groups) {
      for (const sequence of ['revision', 'access'] as const) {
        const result = this.engine.apply(groupId, sequence, { isSnapshot: true, put: sequences[sequence] }, pieces);
        if (!result.ok) throw new Error(`${groupId} is refused: ${JSON.stringify(result.faults.slice(0, 10))}`);
      }
      if (accessConfirmedAt !== null) this.engine.confirmAccess(accessConfirmedAt, groupId);
    }
    giveMemoryBack({ isServing: false });
    this.engine.applyHealth(this.start.health);
    this.port.on('message', (message: ToWorker) => void this.#obey(message));
    setInterval(() => {
      this.#postCounted();
      this.#report();
      if (++this.#reports % delayReports === 0) this.#delay.reset();
    }, reportEveryMs);
    this.#post({ kind: 'loaded' });
  }

  async #obey(message: ToWorker): Promise<void> {
    const { engine } = this;
    switch (message.kind) {
      case 'apply': {
        // What was counted so far is safe before work that may take its time.
        this.#usage?.post();
        const result = engine.apply(message.groupId, message.sequence, message.delta, message.pieces);
        const fault = result.ok ? undefined : `${result.reason}: ${JSON.stringify(result.faults.slice(0, 10))}`;
        this.#done(message.number, fault === undefined ? {} : { fault });
        giveMemoryBackAfter(message.delta.put?.length ?? 0, { isServing: engine.status().connections > 0 });
        return;
      }
      case 'remove':
        engine.removeGroup(message.groupId);
        this.#done(message.number);
        return;
      case 'listen':
        await this.#listen(message);
        return;
      case 'report':
        await this.#postAllCounted();
        this.#report();
        this.#done(message.number);
        return;
      case 'confirm-access':
        engine.confirmAccess(message.at);
        return;
      case 'clock-offset':
        engine.setClockOffset(message.offsetMs);
        return;
      case 'health':
        engine.applyHealth(message.update);
        return;
      case 'try': {
        const outcome = await engine.tryRequest(message.options);
        this.#post({ kind: 'tried', tryId: message.tryId, outcome });
        return;
      }
      case 'drain':
        await engine.close(message);
        while (this.metrics.waitingCallers > 0) this.#postCounted();
        this.#report();
        // What was posted arrives before the end of the thread does.
        process.exit(0);
    }
  }

  async #listen({ number, address }: Extract<ToWorker, { kind: 'listen' }>): Promise<void> {
    const { host, reusePort, httpPort, httpsPort } = address;
    const { defaultCertificate, ticketKeys, proxies, streamProxies, streamPorts } = this.start.options;
    const rules = { host, reusePort, ...setOf(proxies) };
    const streamRules = { host, reusePort, ...setOf(streamProxies) };
    try {
      const http = await this.engine.listenHttp({ ...rules, port: httpPort });
      const https = await this.engine.listenHttps({ ...rules, port: httpsPort, defaultCertificate, ticketKeys });
      for (const kind of ['tcp', 'tls', 'udp'] as const) {
        for (const port of streamPorts[kind]) await this.engine.listenStream(kind, { ...streamRules, port });
      }
      this.#done(number, { ports: { http: http.port, https: https.port } });
    } catch (cause) {
      this.#done(number, { fault: cause instanceof Error ? cause.message : String(cause) });
    }
  }

  #postCounted(): void {
    if (this.metrics.waitingCallers > 0) this.#post({ kind: 'counted', counted: this.metrics.takeCalls() });
  }

  /** Everything counted before this moment; calls are served between the parts. */
  async #postAllCounted(): Promise<void> {
    let left = this.metrics.waitingCallers;
    while (left > 0 && this.metrics.waitingCallers > 0) {
      const before = this.metrics.waitingCallers;
      this.#postCounted();
      left -= before - this.metrics.waitingCallers;
      await setImmediate();
    }
  }

  #report(): void {
    this.#usage?.post();
    const { callsCounted: calls, connections, sockets } = this.engine.status();
    const loopDelayP99Ms = this.#delay.p99Ms;
    this.#post({ kind: 'report', report: { calls, connections, loopDelayP99Ms, sockets, ...this.metrics.take() } });
  }

  #done(number: number, more: Omit<Done, 'kind' | 'number'> = {}): void {
    this.#post({ kind: 'done', number, ...more });
  }

  #post(message: FromWorker): void {
    this.port.postMessage(message);
  }
}

function setOf(proxies: readonly string[] | null): { readonly proxies?: AddressSet } {
  return proxies === null ? {} : { proxies: new AddressSet(proxies) };
}

if (parentPort !== null) {
  const port = parentPort;
  const start = workerData as WorkerStart;
  const { isShared, allowedPrivateRanges, sockets, errorDocsUrl, limits, upstreams } = start.options;
  const metrics = new WorkerMetrics((stack, requestId) =>
    port.postMessage({ kind: 'failure', stack, requestId } satisfies FromWorker),
  );
  const engine = await createEngine({
    policies,
    isShared,
    metrics,
    sockets,
    docsUrl: errorDocsUrl,
    limits,
    place: start.place,
    healthChecks: 'follow',
    ...upstreams,
    ...guardOf(isShared, allowedPrivateRanges),
  });
  new ServingWorker(engine, port, metrics, start).run();
}
