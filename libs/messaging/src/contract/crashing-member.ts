/* A process of its own: takes `count` records, acknowledges all but the last, says so and hangs until it is killed. */
import { connectBus, type TransportName } from './connect-bus.ts';

const [name, address = '', group = '', topic = '', count = ''] = process.argv.slice(2);
let taken = 0;
connectBus(name as TransportName, address).subscribe({
  group,
  topics: [topic],
  maxBatch: 1,
  maxWaitMs: 0,
  handle: async (batch) => {
    for (const record of batch.records) {
      taken += 1;
      if (taken === Number(count)) {
        process.stdout.write('hanging\n');
        await new Promise(() => undefined);
      }
      batch.acknowledge(record);
    }
  },
});
