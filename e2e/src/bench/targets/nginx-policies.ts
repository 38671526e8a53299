import { join } from 'node:path';
import type { PolicySet } from '../policy-set.ts';
import type { NginxAdditions } from './nginx.ts';

const program = join(import.meta.dirname, 'policies.lua');

/** What makes an nginx do in Lua what a set of policies does. */
export function luaPolicies({ lua }: PolicySet, modules: readonly string[]): NginxAdditions {
  const settings = Object.entries(lua).map(([name, value]) => `${name} = ${value}`);
  return {
    modules,
    http: `
  lua_shared_dict limits 64m;
  lua_shared_dict metrics 64m;
  init_by_lua_block {
    policies = dofile('${program}')
    policies.load({ ${settings.join(', ')} })
  }
  init_worker_by_lua_block { policies.start() }`,
    location: `
      access_by_lua_block { return policies.access() }
      log_by_lua_block { policies.log() }`,
  };
}
