import { parentPort, workerData } from 'node:worker_threads';
import { readReferenceText } from './reference-text.ts';

export type { ReferenceOutcome } from './reference-text.ts';

parentPort?.postMessage(await readReferenceText(String(workerData)));
