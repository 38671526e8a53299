import type { KafkaJSProtocolError } from 'kafkajs';
import { BusUnavailableError, UnknownTopicError } from '../bus/bus-errors.ts';

/** kafkajs exports its error classes in a way that ES modules do not see, hence by name. */
function isProtocolError(cause: Error): cause is KafkaJSProtocolError {
  return cause.name === 'KafkaJSProtocolError' && 'type' in cause;
}

/** The broker's own error, found also where kafkajs wraps it. */
function protocolError(cause: unknown): KafkaJSProtocolError | undefined {
  if (!(cause instanceof Error)) return undefined;
  return isProtocolError(cause) ? cause : protocolError(cause.cause);
}

/** An error of kafkajs as an error of the bus. */
export function toBusError(cause: unknown, topics: readonly string[]): BusUnavailableError {
  if (topics.length > 0 && protocolError(cause)?.type === 'UNKNOWN_TOPIC_OR_PARTITION') {
    return new UnknownTopicError(topics.join(', '));
  }
  return new BusUnavailableError('kafka did not confirm', { cause });
}

/** True for what passes by itself within moments, such as a topic whose leader is being chosen. */
export function passesByItself(cause: unknown): boolean {
  return protocolError(cause)?.retriable === true;
}
