/**
 * A process that builds a configuration once, inserts routes into it, and changes the upstream of all; writes the times, and what a route takes,
 * as JSON. `--expose-gc build.ts <routes>`
 */
import { build, change, newEngine } from './many-routes.ts';
import { asResource, routeOf, upstreamOf } from './route-set.ts';

const inserts = 1_000;

/** Bytes that are in use once all garbage is collected. */
function usedBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

const count = Number(process.argv[2]);
const engine = await newEngine();
// What is made with the first route, whatever comes, is not counted.
build(engine, 1, 9);
const usedBefore = usedBytes();
const buildSeconds = build(engine, count, 9);
const bytesPerRoute = (usedBytes() - usedBefore) / count;
const insertMs = Array.from({ length: inserts }, (_, index) => {
  const put = [asResource(routeOf(count + index))];
  const started = performance.now();
  change(engine, { put });
  return performance.now() - started;
});
const changedAt = performance.now();
change(engine, { put: [upstreamOf(10)] });
const upstreamChangeMs = performance.now() - changedAt;
process.stdout.write(JSON.stringify({ buildSeconds, bytesPerRoute, insertMs, upstreamChangeMs }));
await engine.close({ withinMs: 0 });
