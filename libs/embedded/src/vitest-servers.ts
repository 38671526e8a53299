import { readFileSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { isKafkaSkipped, startTestServers } from './testing/test-servers.ts';
import type { TestServerAddresses } from './testing/test-server-addresses.ts';
import type { TestServers } from './testing/test-servers.ts';

let servers: TestServers | undefined;

/**
 * Starts the servers that integration tests share, once per run. `TOLLGATE_TEST_SERVERS` names the file of a set that
 * runs already (`src/bin/test-servers.ts`) and is used instead; `TOLLGATE_SKIP=kafka` leaves Kafka out.
 */
export async function setup(project: TestProject): Promise<void> {
  const sharedFile = process.env['TOLLGATE_TEST_SERVERS'];
  const addresses = sharedFile ? readAddresses(sharedFile) : await startOwn();
  project.provide('databaseUrl', addresses.databaseUrl);
  project.provide('redisUrl', addresses.redisUrl);
  project.provide('kafkaBrokers', addresses.kafkaBrokers);
}

/** Stops what {@link setup} started; a shared set keeps running. */
export async function teardown(): Promise<void> {
  await servers?.stop();
  servers = undefined;
}

async function startOwn(): Promise<TestServerAddresses> {
  servers = await startTestServers({
    skipKafka: isKafkaSkipped(),
    report: (line) => process.stderr.write(`${line}\n`),
  });
  return servers.addresses;
}

function readAddresses(file: string): TestServerAddresses {
  return JSON.parse(readFileSync(file, 'utf8')) as TestServerAddresses;
}
