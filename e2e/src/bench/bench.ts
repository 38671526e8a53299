/** How a bench is run. */
export interface BenchOptions {
  /** Shorter, and no bar counts: only whether it runs and answers right. */
  smoke: boolean;
  /** Temporary folder of this run. */
  folder: string;
  /** Tells what happens, on standard error. */
  say: (text: string) => void;
}

/** Figures by name, unit in the name. */
export type Figures = Record<string, number>;

/** One bench: sets up, measures, ends all it started. Throws when it could not run or an answer was wrong. */
export type Bench = (options: BenchOptions) => Promise<Figures>;
