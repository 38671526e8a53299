import { parentPort, workerData } from 'node:worker_threads';
import { parse } from 'yaml';

/** What the thread answers. */
export type YamlOutcome = { ok: true; value: unknown } | { ok: false; message: string };

function read(text: string): YamlOutcome {
  try {
    return { ok: true, value: parse(text, { prettyErrors: true, logLevel: 'error' }) as unknown };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { ok: false, message: message.split('\n', 1)[0] ?? message };
  }
}

parentPort?.postMessage(read(String(workerData)));
