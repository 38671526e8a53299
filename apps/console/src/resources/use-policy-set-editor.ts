import type { ResourceSegment, ResourceValue } from './resource-api.ts';
import { usePolicyCheck } from './use-policy-check.ts';
import { useResourceEditor } from './use-resource-editor.ts';

/** What the page of an object edits that is policies and little else; they are held against the catalogue. */
export function usePolicySetEditor({
  check,
  ...kind
}: {
  segment: ResourceSegment;
  /** Name of the route to one of them. */
  one: string;
  /** What the schema cannot say beside that: refusals by pointer. */
  check?: (value: ResourceValue) => Readonly<Record<string, string>>;
}) {
  const checkPolicies = usePolicyCheck();
  return useResourceEditor({
    ...kind,
    blank: { plugins: {} },
    check: (value) => ({ ...checkPolicies(value), ...check?.(value) }),
  });
}
