import { type JsonSchema, withoutReferences } from '@tollgate/ui';
import { shallowRef } from 'vue';

interface RequestSchemas {
  readonly operations: Readonly<Record<string, JsonSchema>>;
  readonly $defs: Readonly<Record<string, JsonSchema>>;
}

/** The most that may be written about a product, as the server checks it; undefined until the schemas have come. */
export interface ContentLimits {
  /** Characters. */
  readonly docs?: number | undefined;
  /** Characters. */
  readonly guide?: number | undefined;
  /** UTF-8 bytes. */
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
