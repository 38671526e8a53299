import { createHash } from 'node:crypto';
import type { Operation } from './read-specification.ts';

const maxIdLength = 64;
const digestLength = 8;

/**
 * Ids of routes, in the order of the operations: `<service>.<operationId>`, or method and path where there is none. The same
 * operation has the same id in the next document, whatever is added before it; ids that would be equal or too long end in a digest.
 */
export function routeIds(serviceId: string, operations: readonly Operation[]): string[] {
  const keys = operationKeys(operations);
  const plain = keys.map((key) => `${serviceId}.${slugOf(key)}`);
  const uses = countOf(plain);
  return plain.map((id, index) => {
    if (id.length <= maxIdLength && uses.get(id) === 1) return id;
    const digest = createHash('sha256')
      .update(keys[index] ?? '')
      .digest('hex')
      .slice(0, digestLength);
    return `${id.slice(0, maxIdLength - digestLength - 1)}-${digest}`;
  });
}

/** What makes an operation the same as in the document before. An operationId used twice names nothing. */
function operationKeys(operations: readonly Operation[]): string[] {
  const uses = countOf(operations.map(({ operationId }) => operationId));
  return operations.map(({ operationId, method, path }) =>
    operationId !== null && uses.get(operationId) === 1 ? operationId : `${method.toLowerCase()} ${path}`,
  );
}

function slugOf(text: string): string {
  return text.replaceAll(/[^a-zA-Z0-9_.]+/g, '-').replaceAll(/^-|-$/g, '');
}

/** Id of the service of a document with this title. */
export function serviceIdOf(title: string): string {
  return (
    slugOf(title.toLowerCase())
      .slice(0, 40)
      .replace(/[-.]+$/, '') || 'api'
  );
}

function countOf<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}
