import { type Sequence, standAloneFileSchema, standAloneResources } from '@tollgate/contracts/gateway';
import { type ResourceText, textOf } from '@tollgate/engine';
import { parse } from 'yaml';

/** The resources of one group of a stand-alone file. */
export interface FileGroup {
  readonly groupId: string;
  readonly sequences: Readonly<Record<Sequence, readonly ResourceText[]>>;
}

/** Reads what a stand-alone file says. @throws Error when it is not such a file. */
export function readStandAloneFile(text: string): FileGroup[] {
  const { groups } = standAloneFileSchema.parse(parseText(text));
  return groups.map((group) => {
    const { revision, access } = standAloneResources(group);
    return { groupId: group.id, sequences: { revision: revision.map(asText), access: access.map(asText) } };
  });
}

/** JSON is YAML, and is read a hundred times faster as what it is. */
function parseText(text: string): unknown {
  if (text.trimStart().startsWith('{')) {
    try {
      return JSON.parse(text);
    } catch {
      // Flow style that is no JSON.
    }
  }
  return parse(text);
}

function asText(resource: Parameters<typeof textOf>[0]): ResourceText {
  return { kind: resource.kind, id: resource.id, text: textOf(resource) };
}
