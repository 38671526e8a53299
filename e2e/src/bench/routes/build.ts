/** A process that builds a configuration once and inserts routes into it; writes the times as JSON. `build.ts <routes>` */
import { build, change, newEngine } from './many-routes.ts';
import { asResource, routeOf } from './route-set.ts';

const inserts = 1_000;
const count = Number(process.argv[2]);
const engine = await newEngine();
const buildSeconds = build(engine, count, 9);
const insertMs = Array.from({ length: inserts }, (_, index) => {
  const put = [asResource(routeOf(count + index))];
  const started = performance.now();
  change(engine, { put });
  return performance.now() - started;
});
process.stdout.write(JSON.stringify({ buildSeconds, insertMs }));
await engine.close({ withinMs: 0 });
