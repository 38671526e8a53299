/** A process that serves many routes with an engine and, when told so, changes 100 of them a second. `changing-engine.ts <routes> <upstream port>` */
import { build, change, newEngine } from './many-routes.ts';
import { engineCommand } from './engine-messages.ts';
import { asResource, routeOf } from './route-set.ts';

const changesPerSecond = 100;
const [count = 0, upstreamPort = 0] = process.argv.slice(2).map(Number);
const engine = await newEngine();
build(engine, count, upstreamPort);
const { port } = await engine.listenHttp({ host: '127.0.0.1', port: 0 });

let changes = 0;
let startedAt = 0;
let timer: NodeJS.Timeout | undefined;

/** In turn: a route that is served is altered, one is added, that one is removed. Which, jumps about. */
function changeNext(): void {
  const turn = changes % 3;
  const extra = asResource(routeOf(count + Math.floor(changes / 3)));
  if (turn === 1) change(engine, { put: [extra] });
  else if (turn === 2) change(engine, { delete: [{ kind: extra.kind, id: extra.id }] });
  else {
    const { kind, id, value } = asResource(routeOf((changes * 7919) % count));
    change(engine, { put: [{ kind, id, value: { ...value, desc: `change ${changes}` } }] });
  }
  changes += 1;
}

/** As many as are due by now, so that the rate holds whatever a change takes. */
function changeWhatIsDue(): void {
  const due = ((performance.now() - startedAt) * changesPerSecond) / 1000;
  while (changes < due) changeNext();
}

process.on('message', (message) => {
  clearInterval(timer);
  if (engineCommand.parse(message) === 'rest') {
    process.send?.({ changes });
    return;
  }
  changes = 0;
  startedAt = performance.now();
  timer = setInterval(changeWhatIsDue, 1000 / changesPerSecond);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ port });
