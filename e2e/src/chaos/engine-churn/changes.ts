import type { Sequence } from '@tollgate/contracts/gateway';
import type { GroupChange } from './group-history.ts';
import type { StandInLink } from './stand-in-link.ts';
import type { VersionedSubject } from './subject.ts';

/** How often the configuration changes. */
export const changesPerSecond = 100;
/** No more are sent while so many are not acknowledged. */
const mostUnderWay = 200;

interface UnderWay {
  readonly position: number;
  readonly sentAt: number;
  /** The subject that it changed, and its version then. */
  readonly subject: VersionedSubject | null;
  readonly version: number;
}

/** What changes work with. */
export interface ChangesOptions {
  readonly link: StandInLink;
  readonly subjects: readonly VersionedSubject[];
  /** A change that no caller may notice; the number says the how manieth. */
  readonly unseen: (number: number) => GroupChange;
}

/** Changes a group 100 times a second: in turn something that callers see, and something that they must not. */
export class Changes {
  /** Milliseconds from a change to its acknowledgement. */
  readonly acknowledgedMs: number[] = [];
  made = 0;
  readonly #options: ChangesOptions;
  readonly #underWay: Record<Sequence, UnderWay[]> = { revision: [], access: [] };
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ChangesOptions) {
    this.#options = options;
    options.link.whenApplied((sequence, position) => this.#applied(sequence, position));
  }

  start(): void {
    const { made } = this;
    const startedAt = performance.now();
    this.#timer = setInterval(() => {
      const due = made + ((performance.now() - startedAt) * changesPerSecond) / 1000;
      while (this.made < due && this.#countUnderWay() < mostUnderWay) this.#changeNext();
    }, 1000 / changesPerSecond);
  }

  /** True when everything that was sent is in force. */
  get isSettled(): boolean {
    return this.#countUnderWay() === 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #changeNext(): void {
    const { link, subjects, unseen } = this.#options;
    const turn = Math.floor(this.made / 2);
    const subject = this.made % 2 === 0 ? (subjects[turn % subjects.length] ?? null) : null;
    this.made += 1;
    const change = subject === null ? unseen(turn) : subject.next();
    const version = subject?.sent ?? 0;
    const position = link.change(change);
    this.#underWay[change.sequence].push({ position, sentAt: performance.now(), subject, version });
  }

  #countUnderWay(): number {
    return this.#underWay.revision.length + this.#underWay.access.length;
  }

  #applied(sequence: Sequence, position: number): void {
    const waiting = this.#underWay[sequence];
    for (let first = waiting[0]; first !== undefined && first.position <= position; first = waiting[0]) {
      waiting.shift();
      this.acknowledgedMs.push(performance.now() - first.sentAt);
      if (first.subject !== null) first.subject.acknowledged = first.version;
    }
  }
}
