import type { Bench } from './bench.ts';
import { requireNginxLua } from './load/commands.ts';
import { contest, type Contestant, cpuRatio, orientation } from './load/contest.ts';
import { Ground } from './load/ground.ts';
import { checkPolicies } from './policy-check.ts';
import { keyedRoutes, oneUpstream, type PolicySet, probeOf } from './policy-set.ts';
import { startGateway } from './targets/gateway.ts';
import { startNginx } from './targets/nginx.ts';
import { luaPolicies } from './targets/nginx-policies.ts';
import type { Target } from './targets/target.ts';

/** Two sets of policies against plain nginx, which does none of it, and against nginx that does the same in Lua. */
export const policies: Bench = (options) =>
  Ground.prepare(options, ['nginx'], async (ground) => {
    const modules = requireNginxLua(options.say);
    const requests = {
      keyed: await ground.requests('keyed', keyedRoutes.requests),
      one: await ground.requests('one', oneUpstream.requests),
    };
    const enter = ({ pid, port }: Target, file: string): Contestant => ({ pid, drive: ground.closedLoop(port, file) });
    const checked = async (set: PolicySet, starting: Promise<Target>): Promise<Target> => {
      const target = await ground.start(starting);
      await checkPolicies(target.name, target.port, set);
      return target;
    };
    const gateway = (name: string, set: PolicySet) =>
      checked(set, startGateway({ ...ground.place, name, group: set.group, probe: probeOf(set) }));
    const lua = (name: string, set: PolicySet) => {
      const additions = luaPolicies(set, modules);
      return checked(set, startNginx({ ...ground.place, name, probe: probeOf(set), additions }));
    };
    const nginx = await ground.start(startNginx({ ...ground.place, name: 'nginx', probe: probeOf(oneUpstream) }));
    const contestants = {
      keyedGateway: enter(await gateway('keyed-gateway', keyedRoutes), requests.keyed),
      keyedNginx: enter(nginx, requests.keyed),
      keyedNginxLua: enter(await lua('keyed-lua', keyedRoutes), requests.keyed),
      oneGateway: enter(await gateway('one-gateway', oneUpstream), requests.one),
      oneNginx: enter(nginx, requests.one),
      oneNginxLua: enter(await lua('one-lua', oneUpstream), requests.one),
    };
    const rounds = await contest(contestants, { load: ground.load, options });
    const ratio = (of: keyof typeof contestants, to: keyof typeof contestants) =>
      cpuRatio(rounds, { of, to, smoke: options.smoke });
    return {
      keyedCpuToNginxRatio: ratio('keyedGateway', 'keyedNginx'),
      keyedCpuToNginxLuaRatio: ratio('keyedGateway', 'keyedNginxLua'),
      oneCpuToNginxRatio: ratio('oneGateway', 'oneNginx'),
      oneCpuToNginxLuaRatio: ratio('oneGateway', 'oneNginxLua'),
      ...orientation(Object.keys(contestants) as (keyof typeof contestants)[], rounds),
    };
  });
