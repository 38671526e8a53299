/** What is remembered of the batches of one data-plane process: a high-water mark and its gaps, not a row per batch. */
export interface UsageStreamState {
  /** Highest sequence that was taken; 0 before the first. */
  highWater: number;
  /** Sequences below the mark that were not taken, as inclusive ranges in ascending order. */
  gaps: [from: number, to: number][];
  /** Sequence and content of the last batches, so that one that comes again with other content is noticed. */
  recent: [sequence: number, fingerprint: string][];
}

/**
 * What becomes of a batch.
 * - `new`: it is counted.
 * - `duplicate`: it was counted before and has no effect.
 * - `conflict`: another batch was counted under its sequence; it has no effect and is alarmed.
 * - `refused`: it would leave more gaps than are remembered; it has no effect and is alarmed.
 */
export type Admission = 'new' | 'duplicate' | 'conflict' | 'refused';

/** Data planes send in order, so gaps are few and short-lived; a stream with more than this is no honest one. */
export const maxGaps = 1_000;

/** Batches come again right after they came first, if at all. */
const rememberedBatches = 64;
const fingerprintLength = 16;

/** Decides for each batch of one (instance, epoch) whether it is counted, however often and in whatever order batches come. */
export class UsageStream {
  #highWater: number;
  readonly #gaps: [number, number][];
  readonly #recent: Map<number, string>;

  constructor(state: UsageStreamState = { highWater: 0, gaps: [], recent: [] }) {
    this.#highWater = state.highWater;
    this.#gaps = state.gaps.map(([from, to]) => [from, to]);
    this.#recent = new Map(state.recent);
  }

  /** Decides on the batch and remembers it. */
  admit(sequence: number, contentSha256: string): Admission {
    const fingerprint = contentSha256.slice(0, fingerprintLength);
    const admission = sequence > this.#highWater ? this.#advance(sequence) : this.#fill(sequence, fingerprint);
    if (admission === 'new') this.#remember(sequence, fingerprint);
    return admission;
  }

  toState(): UsageStreamState {
    return { highWater: this.#highWater, gaps: this.#gaps, recent: [...this.#recent] };
  }

  #advance(sequence: number): Admission {
    const leavesGap = sequence > this.#highWater + 1;
    if (leavesGap && this.#gaps.length >= maxGaps) return 'refused';
    if (leavesGap) this.#gaps.push([this.#highWater + 1, sequence - 1]);
    this.#highWater = sequence;
    return 'new';
  }

  #fill(sequence: number, fingerprint: string): Admission {
    const index = this.#gaps.findIndex(([from, to]) => from <= sequence && sequence <= to);
    const gap = this.#gaps[index];
    if (gap === undefined) {
      const known = this.#recent.get(sequence);
      return known === undefined || known === fingerprint ? 'duplicate' : 'conflict';
    }
    const [from, to] = gap;
    const rest: [number, number][] = [];
    if (from < sequence) rest.push([from, sequence - 1]);
    if (sequence < to) rest.push([sequence + 1, to]);
    if (this.#gaps.length - 1 + rest.length > maxGaps) return 'refused';
    this.#gaps.splice(index, 1, ...rest);
    return 'new';
  }

  #remember(sequence: number, fingerprint: string): void {
    this.#recent.set(sequence, fingerprint);
    if (this.#recent.size <= rememberedBatches) return;
    const [oldest] = this.#recent.keys();
    if (oldest !== undefined) this.#recent.delete(oldest);
  }
}
