import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { maxDocumentBytes } from '@tollgate/contracts/rest/gateway';
import { documentInvalid } from './document-error.ts';
import type { YamlOutcome } from './yaml-worker.ts';

/** YAML takes about a second per megabyte; what takes longer than this is refused. */
const yamlTimeoutMs = 30_000;
/** Heap of the thread that reads YAML; more than this ends the thread, not the service. */
const yamlHeapMb = 1024;

/**
 * Reads JSON or YAML text. YAML is read on a thread of its own, so that a large document does not hold up other requests.
 * @throws ApiError `gateway.document_invalid` with the line where reading failed.
 */
export async function parseDocument(text: string): Promise<unknown> {
  if (Buffer.byteLength(text) > maxDocumentBytes)
    throw documentInvalid([{ pointer: '', message: 'It is larger than 20 MiB.' }]);
  if (/^\s*\{/.test(text)) {
    try {
      return JSON.parse(text);
    } catch (jsonError) {
      return parseYaml(text, jsonError instanceof Error ? jsonError.message : undefined);
    }
  }
  return parseYaml(text);
}

/** A text that starts with a brace may be YAML in flow style; if it is not, the fault of the JSON is what people want to know. */
async function parseYaml(text: string, jsonFault?: string): Promise<unknown> {
  const file = import.meta.url.endsWith('.ts') ? './yaml-worker.ts' : './yaml-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: text,
    resourceLimits: { maxOldGenerationSizeMb: yamlHeapMb },
  });
  try {
    const [outcome] = (await once(worker, 'message', { signal: AbortSignal.timeout(yamlTimeoutMs) })) as [YamlOutcome];
    if (outcome.ok) return outcome.value;
    throw documentInvalid([{ pointer: '', message: jsonFault ?? outcome.message }]);
  } catch (cause) {
    if (cause instanceof Error && (cause.name === 'AbortError' || 'code' in cause)) {
      throw documentInvalid([{ pointer: '', message: 'Reading it takes too long or too much memory; send JSON.' }]);
    }
    throw cause;
  } finally {
    await worker.terminate();
  }
}
