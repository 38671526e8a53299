import { parentPort, workerData } from 'node:worker_threads';
import { readReferenceText, type ReferenceOutcome } from './reference-text.ts';

/** What the thread is given. */
export interface ReferenceTask {
  readonly text: string;
  /** As JSON. */
  readonly maxBytes: number;
}

const { text, maxBytes } = workerData as ReferenceTask;
const outcome: ReferenceOutcome = await readReferenceText(text, maxBytes);
parentPort?.postMessage(outcome);
