import {
  context,
  propagation,
  SpanKind,
  SpanStatusCode,
  trace,
  type Context,
  type Link,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { EventEnvelope, TopicEvent } from '@tollgate/contracts/events';

/**
 * Header with the trace context of the span that published a record. Not plain `traceparent`: the instrumentation of kafkajs
 * overwrites that one with a span that knows nothing of the request.
 */
export const traceHeader = 'ce_traceparent';

function parentOf(traceparent: string | undefined): Context {
  return traceparent ? propagation.extract(context.active(), { traceparent }) : context.active();
}

/** Marks in the request's trace that its event was published now. Returns the header that continues the trace. */
export function tracePublished(tracer: Tracer, { topic, envelope }: TopicEvent): Record<string, string> {
  const parent = parentOf(envelope.traceparent);
  const span = tracer.startSpan(
    `publish ${envelope.type}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: { 'messaging.destination.name': topic, 'messaging.message.id': envelope.id },
    },
    parent,
  );
  const carrier: Record<string, string> = {};
  propagation.inject(trace.setSpan(parent, span), carrier);
  span.end();
  const traceparent = carrier['traceparent'] ?? envelope.traceparent;
  return traceparent ? { [traceHeader]: traceparent } : {};
}

/** Runs a handler in a span that continues the trace of the request that caused the event. */
export async function traceConsumed<T>(
  tracer: Tracer,
  about: { group: string; envelope: EventEnvelope; headers: Readonly<Record<string, string>> },
  work: () => Promise<T>,
): Promise<T> {
  const { group, envelope, headers } = about;
  const parent = parentOf(headers[traceHeader] ?? envelope.traceparent);
  const attributes = { 'messaging.consumer.group.name': group, 'messaging.message.id': envelope.id };
  return tracer.startActiveSpan(`process ${envelope.type}`, { kind: SpanKind.CONSUMER, attributes }, parent, (span) =>
    inSpan(span, work),
  );
}

/** Runs the handler of a batch in a span that links to the requests that caused its events. */
export async function traceBatch<T>(
  tracer: Tracer,
  group: string,
  causes: readonly { envelope: EventEnvelope; headers: Readonly<Record<string, string>> }[],
  work: () => Promise<T>,
): Promise<T> {
  const links = causes.flatMap(({ envelope, headers }): Link[] => {
    const linked = trace.getSpanContext(parentOf(headers[traceHeader] ?? envelope.traceparent));
    return linked ? [{ context: linked }] : [];
  });
  const attributes = { 'messaging.consumer.group.name': group, 'messaging.batch.message_count': causes.length };
  return tracer.startActiveSpan('process batch', { kind: SpanKind.CONSUMER, attributes, links }, (span) =>
    inSpan(span, work),
  );
}

async function inSpan<T>(span: Span, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    span.recordException(cause instanceof Error ? cause : String(cause));
    span.setStatus({ code: SpanStatusCode.ERROR });
    throw cause;
  } finally {
    span.end();
  }
}
