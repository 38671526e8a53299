import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { maxReferenceBytes, portalErrors, type ReferenceSummary } from '@tollgate/contracts/rest/portal';
import { ApiError, type ErrorPlace } from '@tollgate/platform';
import type { ReferenceOutcome } from './reference-text.ts';
import type { ReferenceTask } from './reference-worker.ts';

/** A document that was found to be one, as JSON text, and what is told of it. */
export type ReadReference = Omit<ReferenceSummary, 'updatedAt'> & { readonly json: string };

/** A megabyte of YAML takes about a second, its validation less. */
const timeoutMs = 20_000;
/** Heap of the thread: aliases of YAML can make much of little; more than this ends the thread, not the service. */
const heapMb = 256;

/**
 * Reads an OpenAPI 3.0 or 3.1 document in JSON or YAML and holds it against the specification's schema, on a thread of its own.
 * @throws ApiError `product.reference_invalid` with the places of its faults.
 */
export async function readReference(text: string): Promise<ReadReference> {
  if (Buffer.byteLength(text) > maxReferenceBytes) {
    throw referenceInvalid([{ pointer: '', message: 'It is larger than 1 MiB.' }]);
  }
  const outcome = await readOnThread(text);
  if (!outcome.ok) throw referenceInvalid(outcome.faults);
  const { json, title, specification, operations } = outcome;
  return { json, title, specification, operations };
}

async function readOnThread(text: string): Promise<ReferenceOutcome> {
  const file = import.meta.url.endsWith('.ts') ? './reference-worker.ts' : './reference-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    workerData: { text, maxBytes: maxReferenceBytes } satisfies ReferenceTask,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  });
  try {
    const [outcome] = (await once(worker, 'message', { signal: AbortSignal.timeout(timeoutMs) })) as [ReferenceOutcome];
    return outcome;
  } catch (cause) {
    if (cause instanceof Error && (cause.name === 'AbortError' || 'code' in cause)) {
      throw referenceInvalid([{ pointer: '', message: 'Reading it takes too long or too much memory.' }]);
    }
    throw cause;
  } finally {
    await worker.terminate();
  }
}

function referenceInvalid(faults: readonly ErrorPlace[]): ApiError {
  const errors = faults.map(({ pointer, message }) => ({ pointer: `/document${pointer}`, message }));
  return new ApiError(portalErrors.referenceInvalid, { errors });
}
