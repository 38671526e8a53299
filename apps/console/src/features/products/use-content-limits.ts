import { type JsonSchema, withoutReferences } from '@tollgate/ui';
import { shallowRef } from 'vue';

interface RequestSchemas {
  readonly operations: Readonly<Record<string, JsonSchema>>;
  readonly $defs: Readonly<Record<string, JsonSchema>>;
}

/** Most characters of what is written about a product, as the server checks them; undefined until the schemas have come. */
export interface ContentLimits {
  readonly docs?: number | undefined;
  readonly guide?: number | undefined;
  readonly reference?: number | undefined;
}

export function useContentLimits() {
  const limits = shallowRef<ContentLimits>({});
  void import('@tollgate/client/request-schemas').then((loaded) => {
    const { operations, $defs } = loaded.default as unknown as RequestSchemas;
    const bodyOf = (operation: string): JsonSchema => withoutReferences({ ...operations[operation], $defs });
    const guides = bodyOf('putProductGuides').properties?.guides?.items;
    limits.value = {
      docs: bodyOf('updateApiProduct').properties?.docs?.maxLength,
      guide: typeof guides === 'object' ? guides.properties?.markdown?.maxLength : undefined,
      reference: bodyOf('putProductReference').properties?.document?.maxLength,
    };
  });
  return limits;
}
