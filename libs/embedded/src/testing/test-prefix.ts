import { randomBytes } from 'node:crypto';

/** A prefix for topics and keys that no other suite uses, e.g. `t3f9a0c21.`; legal in Kafka topic names and Redis keys. */
export function testPrefix(): string {
  return `t${randomBytes(4).toString('hex')}.`;
}
