import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pinnedLoad } from './cores.ts';
import { bodyBytes } from './load-process.ts';

const run = promisify(execFile);

/** h2load never ends when its time is up before all connections stand. */
const leastSeconds = 3;

/**
 * Reads h2load's report. Throws unless HTTP/2 was spoken, there were answers, all of them succeeded with 2xx, and their bodies
 * have the upstream's length; the bodies of requests cut off at the end may have come in part.
 */
export function parseH2load(output: string, connections: number): { done: number } {
  const requests = /^requests: \d+ total, \d+ started, (\d+) done, (\d+) succeeded, (\d+) failed/m.exec(output);
  const statuses = /^status codes: (\d+) 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx/m.exec(output);
  const data = /\((\d+)\) data$/m.exec(output);
  if (requests === null || statuses === null || data === null) throw new Error(`not a report of h2load: ${output}`);
  if (!/^Application protocol: h2$/m.test(output)) throw new Error('the target does not speak HTTP/2');
  const done = Number(requests[1]);
  const extra = Number(data[1]) - done * bodyBytes;
  const isRight =
    done > 0 &&
    Number(requests[2]) === done &&
    Number(requests[3]) === 0 &&
    [statuses[2], statuses[3], statuses[4]].every((count) => Number(count) === 0) &&
    extra >= 0 &&
    extra <= connections * bodyBytes;
  if (!isRight) throw new Error(`h2load had wrong answers or none: ${requests[0]}; ${statuses[0]}; ${data[0]}`);
  return { done };
}

/** A closed loop over HTTP/2 with TLS, one request at a time per connection. Throws when an answer was wrong. */
export async function runH2load(url: string, { seconds, connections }: { seconds: number; connections: number }) {
  const duration = Math.max(leastSeconds, Math.ceil(seconds));
  const options = [`-c${connections}`, '-m1', '-t1', '-D', String(duration), '--npn-list=h2', url];
  const { command, args } = pinnedLoad('h2load', options, duration + 20);
  const { stdout } = await run(command, args, { maxBuffer: 16 * 1024 * 1024 });
  return parseH2load(stdout, connections);
}
