/** How a chaos scenario is to be played. */
export interface ChaosOptions {
  /** Decides which faults come when; the same seed plays the same faults. */
  readonly seed: number;
  /** `smoke`: each fault once, under a minute. `normal`: within eight minutes. `long`: a soak. */
  readonly length: 'smoke' | 'normal' | 'long';
  /** Prints a line for people; never on the line that `--json` ends with. */
  readonly say: (line: string) => void;
}

/** What a scenario found. */
export interface ChaosOutcome {
  /** Everything that must hold held. */
  readonly pass: boolean;
  /** Flat, the ones that decide first, units as suffix. */
  readonly figures: Readonly<Record<string, number>>;
}

/** One chaos scenario. Rejects when it could not be played at all. */
export type ChaosScenario = (options: ChaosOptions) => Promise<ChaosOutcome>;
