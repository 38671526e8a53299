import { parentPort, workerData } from 'node:worker_threads';
import { readStandAloneFile } from './stand-alone-file.ts';

// What is not such a file ends the thread with the error, which the one that started it gets.
parentPort?.postMessage(readStandAloneFile(workerData as string));
