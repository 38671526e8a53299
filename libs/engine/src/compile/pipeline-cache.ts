import { Pipeline } from '../policy/pipeline.ts';
import type { PolicySet } from '../policy/policy-set.ts';

interface Step {
  pipeline: Pipeline | undefined;
  readonly next: WeakMap<PolicySet, Step>;
}

/**
 * One pipeline for all routes that take their policies from the same levels: thousands of routes of one service share one.
 * Forgotten with the levels.
 */
export class PipelineCache {
  readonly #start = newStep();

  /** The pipeline of these levels, strongest first. */
  get(levels: readonly PolicySet[]): Pipeline {
    let step = this.#start;
    for (const level of levels) {
      let next = step.next.get(level);
      if (next === undefined) {
        next = newStep();
        step.next.set(level, next);
      }
      step = next;
    }
    return (step.pipeline ??= new Pipeline(levels));
  }
}

function newStep(): Step {
  return { pipeline: undefined, next: new WeakMap() };
}
