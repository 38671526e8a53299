import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { requireCommand } from '../install/system-package.ts';
import type { Report } from '../install/system-package.ts';
import { findFreePort } from '../process/free-port.ts';
import { stopLeftover } from '../process/leftover.ts';
import { launchServer } from '../process/server-process.ts';
import type { ServerProcess } from '../process/server-process.ts';
import { startOnPort } from '../process/start-attempts.ts';
import { kafkaJars } from './kafka-jars.ts';
import { kafkaLogging, kafkaSettings } from './kafka-settings.ts';

/** How to start Kafka. */
export interface KafkaOptions {
  /** Folder for topics, settings, log and pid; made on first use and found again later. */
  readonly dataDir: string;
  /** TCP port on 127.0.0.1; 0 (default) takes a free one. */
  readonly port?: number;
  readonly report?: Report;
}

/** A running broker. */
export interface KafkaServer extends ServerProcess {
  readonly port: number;
  /** Value for `KAFKA_BROKERS`: `127.0.0.1:<port>`. */
  readonly brokers: string;
}

const STOP_SIGNAL = 'SIGTERM';

/**
 * Starts Apache Kafka (KRaft, one node, at most 384 MB of heap) on loopback from its Maven artifacts. A broker left on the
 * same folder by a killed run is stopped first. Java and Maven are installed when they are missing and this runs as root.
 * Ready in about three seconds. Throws {@link ServerStartError} when it does not come up.
 */
export async function startKafka(options: KafkaOptions): Promise<KafkaServer> {
  const report = options.report ?? (() => undefined);
  const java = requireCommand({ command: 'java', debianPackage: 'openjdk-17-jre-headless' }, report);
  const jars = kafkaJars(report);
  const dataDir = resolve(options.dataDir);
  const logDir = join(dataDir, 'data');
  mkdirSync(logDir, { recursive: true });
  const settingsFile = join(dataDir, 'server.properties');
  const loggingFile = join(dataDir, 'log4j2.properties');
  const pidFile = join(dataDir, 'server.pid');
  writeFileSync(loggingFile, kafkaLogging);
  await stopLeftover({ pidFile, marker: settingsFile, signal: STOP_SIGNAL });
  const program = (mainClass: string, ...args: string[]) => [
    ...JVM_FLAGS,
    `-Dlog4j2.configurationFile=${loggingFile}`,
    '-cp',
    join(jars, '*'),
    mainClass,
    ...args,
  ];

  return startOnPort(options.port ?? 0, async (port) => {
    writeFileSync(settingsFile, kafkaSettings({ port, controllerPort: await findFreePort(), logDir }));
    formatStorage(
      java,
      program('kafka.tools.StorageTool', 'format', '--ignore-formatted', '-t', CLUSTER_ID, '-c', settingsFile),
    );
    const server = await launchServer({
      name: 'Kafka',
      command: java,
      args: program('kafka.Kafka', settingsFile),
      cwd: dataDir,
      logFile: join(dataDir, 'server.log'),
      pidFile,
      stopSignal: STOP_SIGNAL,
      isReady: () => accepts(port),
      readyWithinMs: 120_000,
    });
    return { ...server, port, brokers: `127.0.0.1:${port}` };
  });
}

/** A broker for one machine compiles little and collects little: start time and memory matter, throughput does not. */
const JVM_FLAGS = ['-Xms128m', '-Xmx384m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

/** Kafka's own form of a UUID, 16 bytes in base64url; the same for every folder, so that formatting again changes nothing. */
const CLUSTER_ID = Buffer.from('tollgate-kafka-1').toString('base64url');

/** Does nothing to a folder that is formatted already. */
function formatStorage(java: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(java, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`Kafka could not format its storage:\n${stdout}${stderr}`.trimEnd());
}

/** A broker opens its port only after it has recovered its logs and may serve. */
async function accepts(port: number): Promise<boolean> {
  const { promise, resolve: settle } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1', () => settle(true));
  socket.once('error', () => settle(false));
  return promise.finally(() => socket.destroy());
}
