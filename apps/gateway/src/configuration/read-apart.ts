import { once } from 'node:events';
import { startThread } from '../threads.ts';
import { type FileGroup, readStandAloneFile } from './stand-alone-file.ts';

/** What is shorter is read at once: less memory than a thread takes. */
const apartFrom = 256 * 1024;

/**
 * Reads what a stand-alone file says. A long one is read in a thread of its own: YAML takes a hundred times its length while it is parsed, and
 * only the end of a thread gives all of that back.
 * @throws Error when it is not such a file.
 */
export async function readApart(text: string): Promise<FileGroup[]> {
  if (text.length < apartFrom) return readStandAloneFile(text);
  const thread = startThread(new URL('./read-apart-thread', import.meta.url), { workerData: text, name: 'file' });
  const [groups] = (await once(thread, 'message')) as [FileGroup[]];
  return groups;
}
