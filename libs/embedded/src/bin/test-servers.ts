import { once } from 'node:events';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { isKafkaSkipped, startTestServers } from '../testing/test-servers.ts';

const [file] = process.argv.slice(2);
if (!file) {
  process.stderr.write('Usage: node libs/embedded/src/bin/test-servers.ts <file for the addresses>\n');
  process.exit(1);
}

const report = (line: string) => process.stderr.write(`${line}\n`);
const servers = await startTestServers({ skipKafka: isKafkaSkipped(), report });
writeFileSync(`${file}.new`, JSON.stringify(servers.addresses));
renameSync(`${file}.new`, file);
report(`The test servers run; use them with TOLLGATE_TEST_SERVERS=${file}`);

await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
rmSync(file, { force: true });
await servers.stop();
