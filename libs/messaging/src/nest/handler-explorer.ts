import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import type { BoundBatchHandler } from '../consume/batch-consumer.ts';
import type { BoundEventHandler } from '../consume/event-consumer.ts';
import { batchHandlerOf, type BatchHandler } from '../consume/on-batch.ts';
import { eventHandlersOf, type EventHandler } from '../consume/on-event.ts';

/** Every handler of a container, by the name of its consumer. */
export interface Handlers {
  readonly events: ReadonlyMap<string, readonly BoundEventHandler[]>;
  readonly batches: ReadonlyMap<string, readonly BoundBatchHandler[]>;
}

/** Finds the methods that carry `@OnEvent` or `@OnBatch` among the container's providers. */
@Injectable()
export class HandlerExplorer {
  constructor(
    private readonly discovery: DiscoveryService,
    private readonly scanner: MetadataScanner,
  ) {}

  /** The handlers of all providers; call it once they are instantiated. */
  find(): Handlers {
    const events: BoundEventHandler[] = [];
    const batches: BoundBatchHandler[] = [];
    for (const { instance } of this.discovery.getProviders()) {
      if (isObject(instance)) this.#collect(instance, events, batches);
    }
    return {
      events: Map.groupBy(events, ({ consumer }) => consumer),
      batches: Map.groupBy(batches, ({ consumer }) => consumer),
    };
  }

  #collect(instance: object, events: BoundEventHandler[], batches: BoundBatchHandler[]): void {
    const prototype: unknown = Object.getPrototypeOf(instance);
    if (!isObject(prototype)) return;
    for (const name of this.scanner.getAllMethodNames(prototype)) {
      const method: unknown = Reflect.get(prototype, name);
      if (typeof method !== 'function') continue;
      for (const metadata of eventHandlersOf(method)) {
        events.push({ ...metadata, handle: method.bind(instance) as EventHandler });
      }
      const batch = batchHandlerOf(method);
      if (batch) batches.push({ ...batch, handle: method.bind(instance) as BatchHandler });
    }
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
