import type { Engine } from '@tollgate/engine';
import type { UsageWriter } from './usage-writer.ts';

/** What of the engine may hold up the process for long: it goes through a configuration as a whole. */
export type LongWork = Pick<Engine, 'apply' | 'removeGroup' | 'resources'>;

/** The same work, but the calls answered before it are on disk when it begins: a kill in the middle of it loses none of them. */
export function writingFirst(writer: Pick<UsageWriter, 'write'>, work: LongWork): LongWork {
  return {
    apply(...change) {
      writer.write();
      return work.apply(...change);
    },
    removeGroup(groupId) {
      writer.write();
      work.removeGroup(groupId);
    },
    resources(...which) {
      writer.write();
      return work.resources(...which);
    },
  };
}
