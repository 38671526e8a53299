/** Ends with 0 when the process of this container answers its liveness path, else with 1. */
import { get } from 'node:http';

const port = process.env.GATEWAY_STATUS_PORT ?? process.env.PORT ?? '9091';

get({ host: '127.0.0.1', port, path: '/healthz', timeout: 2000 }, ({ statusCode }) => {
  process.exit(statusCode === 200 ? 0 : 1);
})
  .on('timeout', () => process.exit(1))
  .on('error', () => process.exit(1));
