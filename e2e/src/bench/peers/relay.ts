/** No proxy, but the floor of one: bytes are passed on by the sockets of the engine, and nobody looks at them. */
import { startRelay } from '@tollgate/engine/testing';

const [port, upstream] = process.argv.slice(2);
await startRelay(Number(port), Number(upstream));
