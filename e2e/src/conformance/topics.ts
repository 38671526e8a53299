import type { Topic } from './check.ts';
import { answersOfUpstreams } from './checks/answers.ts';
import { bodies } from './checks/bodies.ts';
import { chunkedRequests } from './checks/chunked-requests.ts';
import { expectations } from './checks/expectations.ts';
import { fieldsOfHops } from './checks/fields-of-hops.ts';
import { headSyntax } from './checks/head-syntax.ts';
import { limits } from './checks/limits.ts';
import { persistence } from './checks/persistence.ts';
import { pipelining } from './checks/pipelining.ts';
import { requestFraming } from './checks/request-framing.ts';
import { requestLine } from './checks/request-line.ts';
import { splitsAndResets } from './checks/splits-and-resets.ts';
import { streaming } from './checks/streaming.ts';
import { upgrades } from './checks/upgrades.ts';
import { upstreamFaults } from './checks/upstream-faults.ts';

/** Every subject but {@link times}, which is run side by side. */
export const topics: readonly Topic[] = [
  requestFraming,
  headSyntax,
  requestLine,
  chunkedRequests,
  pipelining,
  persistence,
  expectations,
  answersOfUpstreams,
  streaming,
  upgrades,
  upstreamFaults,
  limits,
  fieldsOfHops,
  bodies,
  splitsAndResets,
];

export { times } from './checks/times.ts';
