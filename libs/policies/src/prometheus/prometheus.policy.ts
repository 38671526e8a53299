import { definePolicy } from '@tollgate/engine';
import { prometheusSchema } from './schema.ts';

/** Reports calls as metrics of the data plane. No I/O; the process that embeds the engine keeps the time series. */
export const prometheus = definePolicy({
  name: 'prometheus',
  title: 'Metrics',
  description: 'Reports status, latency and bandwidth of calls as Prometheus metrics of the data plane.',
  priority: 500,
  direction: 'both',
  shared: 'allowed',
  isStateless: true,
  schema: prometheusSchema,
  errors: [],
  compile({ prefer_name: preferName }, { metrics }) {
    return {
      onLog(call, outcome) {
        metrics.observe(call, outcome, preferName);
      },
    };
  },
});
