import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { requireCommand } from '../install/system-package.ts';
import type { Report } from '../install/system-package.ts';

const KAFKA_VERSION = '4.1.1';
const LOG4J_VERSION = '2.24.3';

const ARTIFACTS = [
  ['org.apache.kafka', 'kafka_2.13', KAFKA_VERSION],
  ['org.apache.logging.log4j', 'log4j-slf4j-impl', LOG4J_VERSION],
  ['org.apache.logging.log4j', 'log4j-core', LOG4J_VERSION],
] as const;

/**
 * Returns the folder with the broker's jars, `~/.cache/tollgate/kafka-<version>`, and fetches them with Maven on first
 * use (43 MB). They are fetched aside and moved into place when complete, so runs that start at once do not disturb
 * each other and an interrupted one leaves nothing half done.
 */
export function kafkaJars(report: Report): string {
  const cache = join(homedir(), '.cache', 'tollgate');
  const jars = join(cache, `kafka-${KAFKA_VERSION}`);
  if (existsSync(jars)) return jars;

  const maven = requireCommand({ command: 'mvn', debianPackage: 'maven' }, report);
  report(`fetching Apache Kafka ${KAFKA_VERSION} (43 MB, once)`);
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(join(cache, 'kafka-incomplete-'));
  try {
    fetchJars(maven, aside);
    moveIntoPlace(join(aside, 'jars'), jars);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return jars;
}

function fetchJars(maven: string, folder: string): void {
  writeFileSync(join(folder, 'pom.xml'), projectModel());
  const goal = ['dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=jars'];
  const { status, stdout } = spawnSync(maven, ['-q', '-B', ...goal], { cwd: folder, encoding: 'utf8' });
  if (status !== 0) throw new Error(`Maven could not fetch Apache Kafka:\n${stdout}`.trimEnd());
}

/** When another process was faster, its jars are as good as ours. */
function moveIntoPlace(fetched: string, jars: string): void {
  try {
    renameSync(fetched, jars);
  } catch (error) {
    if (!existsSync(jars)) throw error;
  }
}

function projectModel(): string {
  const dependencies = ARTIFACTS.map(
    ([group, artifact, version]) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>tollgate</groupId><artifactId>kafka-broker</artifactId><version>1</version>
  <dependencies>${dependencies.join('')}</dependencies>
</project>
`;
}
