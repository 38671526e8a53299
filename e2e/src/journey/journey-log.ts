/** One thing that was done, for whoever watches. */
export interface JourneyStep {
  title: string;
  /** What was sent, in a line. */
  sent: string;
  /** What came back, in a line. */
  received: string;
  ms: number;
}

/** Collects steps and tells a listener of each as it ends. */
export class JourneyLog {
  readonly steps: JourneyStep[] = [];
  readonly #onStep: (step: JourneyStep) => void;

  constructor(onStep: (step: JourneyStep) => void = () => {}) {
    this.#onStep = onStep;
  }

  /** Times `work`; `describe` says what came back. */
  async step<T>(title: string, sent: string, work: () => Promise<T>, describe: (result: T) => string): Promise<T> {
    const started = performance.now();
    const result = await work();
    const step = { title, sent, received: describe(result), ms: performance.now() - started };
    this.steps.push(step);
    this.#onStep(step);
    return result;
  }
}

/** Stops the journey when something is not right. */
export function expectThat(isRight: boolean, what: string): asserts isRight {
  if (!isRight) throw new Error(`not right: ${what}`);
}
