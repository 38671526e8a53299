/** A replica of the service under test, as a process that may be killed at any time. */
import { EventPublisher } from '@tollgate/messaging';
import { Database } from '@tollgate/persistence';
import { bootLedgerService } from './ledger-service.ts';
import { produce } from './producers.ts';
import { workerCommand, workerSettings } from './worker-settings.ts';

const settings = workerSettings.parse(JSON.parse(process.env['CHAOS_WORKER'] ?? ''));
const stopping = new AbortController();
const service = await bootLedgerService(settings);
const producing = produce(
  service.app.get(Database),
  service.app.get(EventPublisher),
  settings.tenantId,
  stopping.signal,
);

process.on('message', (message) => {
  stopping.abort();
  if (workerCommand.parse(message) === 'stop-producing') return;
  void producing.then(() => service.close()).then(() => process.exit(0));
});
process.on('disconnect', () => process.exit(1));
process.send?.('producing');
