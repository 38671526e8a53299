import type { Bench } from './bench.ts';
import { contest, type Contestant, cpuRatio, orientation } from './load/contest.ts';
import { Ground } from './load/ground.ts';
import { medianOf, leastPairs } from './load/pairs.ts';
import { measureBuilding, type BuildTimes } from './routes/measure-building.ts';
import { measureChanges } from './routes/measure-changes.ts';
import { manyRoutes, prefixesOf, requestsFor, routesOf } from './routes/route-set.ts';
import { startGateway } from './targets/gateway.ts';
import { startNginx } from './targets/nginx.ts';

/**
 * How much many routes cost: per request, to build, to insert one, and while they change. For orientation also what as many locations cost
 * nginx: how far the memory of this machine is away.
 */
export const routes: Bench = (options) =>
  Ground.prepare(options, ['nginx'], async (ground) => {
    const { smoke, say } = options;
    const most = smoke ? 2_000 : manyRoutes;
    const builds: BuildTimes[] = [];
    for (let run = 0; run < (smoke ? 1 : leastPairs); run += 1) {
      const times = await measureBuilding(most);
      builds.push(times);
      say(
        `${most} routes built in ${times.buildSeconds.toFixed(2)} s, ${times.bytesPerRoute.toFixed(0)} bytes each; ` +
          `one inserted in ${times.insertMs.toFixed(3)} ms, their upstream changed in ${times.upstreamChangeMs.toFixed(2)} ms`,
      );
    }
    const built = (valueOf: (times: BuildTimes) => number) => medianOf(builds, valueOf, builds.length);

    const enter = async (count: number): Promise<Contestant> => {
      const requests = await ground.requests(`routes-${count}`, requestsFor(count));
      const group = { routes: routesOf(count) };
      const [probe = { path: '/' }] = requestsFor(count);
      const { pid, port } = await ground.start(
        startGateway({ ...ground.place, name: `gateway-${count}`, group, probe }),
      );
      return { pid, drive: ground.closedLoop(port, requests) };
    };
    const enterNginx = async (count: number): Promise<Contestant> => {
      const requests = await ground.requests(`locations-${count}`, requestsFor(count));
      const [probe = { path: '/' }] = requestsFor(count);
      const additions = { prefixes: prefixesOf(count) };
      const { pid, port } = await ground.start(
        startNginx({ ...ground.place, name: `nginx-${count}`, probe, additions }),
      );
      return { pid, drive: ground.closedLoop(port, requests) };
    };
    const contestants = {
      one: await enter(1),
      thousand: await enter(1_000),
      most: await enter(most),
      nginxOne: await enterNginx(1),
      nginxMost: await enterNginx(most),
    };
    const rounds = await contest(contestants, { load: ground.load, options });
    const requests = await ground.requests('changing', requestsFor(most));
    const changes = await measureChanges(ground, { routes: most, requests });
    return {
      cpuAt1000ToOneRatio: cpuRatio(rounds, { of: 'thousand', to: 'one', smoke }),
      cpuAt100000ToOneRatio: cpuRatio(rounds, { of: 'most', to: 'one', smoke }),
      buildSeconds: built(({ buildSeconds }) => buildSeconds),
      insertP99Ms: built(({ insertP99Ms }) => insertP99Ms),
      ...changes,
      nginxCpuAt100000ToOneRatio: cpuRatio(rounds, { of: 'nginxMost', to: 'nginxOne', smoke }),
      insertMs: built(({ insertMs }) => insertMs),
      bytesPerRoute: built(({ bytesPerRoute }) => bytesPerRoute),
      upstreamChangeMs: built(({ upstreamChangeMs }) => upstreamChangeMs),
      ...orientation(['one', 'thousand', 'most', 'nginxOne', 'nginxMost'], rounds),
    };
  });
