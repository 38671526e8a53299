import type { Node } from '../../balancing/node.ts';
import type { EgressSubject } from '../address-guard.ts';
import type { Finding } from './node-standing.ts';
import { Probe, type ProbeServices } from './probe.ts';
import type { ActiveCheck, ProbeRequest } from './probe-request.ts';
import type { ProbeSlots } from './probe-slots.ts';

/** What an active check works with. */
export interface ActiveCheckerOptions {
  readonly check: ActiveCheck;
  readonly request: ProbeRequest;
  readonly services: ProbeServices;
  readonly slots: ProbeSlots;
  readonly nodes: () => readonly Node[];
  readonly isHealthy: (node: Node) => boolean;
  readonly subjectOf: (node: Node) => EgressSubject;
  readonly report: (node: Node, finding: Finding, detail: string) => void;
}

/** The first round comes at a random moment of this many milliseconds, so that many upstreams do not probe in step. */
const firstRoundWithinMs = 200;

/** Probes the nodes of one upstream: healthy ones and unhealthy ones at an interval each, no more than `concurrency` at once. */
export class ActiveChecker {
  readonly #options: ActiveCheckerOptions;
  readonly #timers: readonly NodeJS.Timeout[];
  /** Nodes whose turn has come, in order. */
  readonly #due = new Set<Node>();
  readonly #underWay = new Map<Node, Probe>();
  readonly #goOn = () => this.#probe();

  constructor(options: ActiveCheckerOptions) {
    this.#options = options;
    const { healthy, unhealthy } = options.check;
    this.#timers = [
      setTimeout(() => this.#round([true, false]), Math.random() * firstRoundWithinMs),
      setInterval(() => this.#round([true]), healthy.interval * 1000),
      setInterval(() => this.#round([false]), unhealthy.interval * 1000),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  /** Ends at once; what is under way is given up. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    const { slots } = this.#options;
    slots.leave(this.#goOn);
    this.#due.clear();
    for (const probe of this.#underWay.values()) {
      probe.cancel();
      slots.giveBack();
    }
    this.#underWay.clear();
  }

  #round(states: readonly boolean[]): void {
    const { nodes, isHealthy } = this.#options;
    for (const node of nodes()) {
      if (states.includes(isHealthy(node)) && !this.#underWay.has(node)) this.#due.add(node);
    }
    this.#probe();
  }

  #probe(): void {
    const { check, slots, services, request, subjectOf } = this.#options;
    for (const node of this.#due) {
      if (this.#underWay.size >= check.concurrency || !slots.take(this.#goOn)) return;
      this.#due.delete(node);
      const done = (finding: Finding | null, detail: string) => this.#done(node, finding, detail);
      this.#underWay.set(node, new Probe({ services, request, node, subject: subjectOf(node), done }));
    }
  }

  #done(node: Node, finding: Finding | null, detail: string): void {
    const { slots, nodes, report } = this.#options;
    this.#underWay.delete(node);
    slots.giveBack();
    // A node may have gone while it was asked.
    if (finding !== null && nodes().includes(node)) report(node, finding, detail);
    this.#probe();
  }
}
