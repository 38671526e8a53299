import type { EventDefinition } from '@tollgate/contracts/events';
import { z } from 'zod';

/** AsyncAPI 3.0 document of the event catalogue: a channel per topic, a message per event type. */
export function asyncApi(events: readonly EventDefinition[]): Record<string, unknown> {
  const topics = [...new Set(events.map((event) => event.topic))].sort();
  const messageId = (event: EventDefinition): string => event.type.replaceAll('.', '_');
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Tollgate events',
      version: '1',
      description: 'CloudEvents 1.0 in structured JSON. Facts about what happened; never requests.',
    },
    channels: Object.fromEntries(
      topics.map((topic) => [
        topic.replaceAll(/[.-]/g, '_'),
        {
          address: topic,
          messages: Object.fromEntries(
            events
              .filter((event) => event.topic === topic)
              .map((event) => [messageId(event), { $ref: `#/components/messages/${messageId(event)}` }]),
          ),
        },
      ]),
    ),
    components: {
      messages: Object.fromEntries(
        events.map((event) => [
          messageId(event),
          {
            name: event.type,
            title: event.type,
            summary: event.description,
            contentType: 'application/cloudevents+json',
            payload: z.toJSONSchema(event.schema, { io: 'input', unrepresentable: 'any' }),
          },
        ]),
      ),
    },
  };
}
