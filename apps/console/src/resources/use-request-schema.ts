import { type JsonSchema, withoutReferences } from '@tollgate/ui';
import { shallowRef } from 'vue';
import { createOperations, type ResourceSegment } from './resource-api.ts';

interface RequestSchemas {
  readonly operations: Readonly<Record<string, JsonSchema>>;
  readonly $defs: Readonly<Record<string, JsonSchema>>;
}

/** The schema of a resource’s value, as the server checks it; undefined until it has come. */
export function useValueSchema(segment: ResourceSegment) {
  const schema = shallowRef<JsonSchema>();
  void import('@tollgate/client/request-schemas').then((loaded) => {
    const { operations, $defs } = loaded.default as unknown as RequestSchemas;
    const body = operations[createOperations[segment]];
    schema.value = withoutReferences({ ...body?.properties?.value, $defs });
  });
  return schema;
}
