import { findCommand, type Report, requireCommand, requireFile } from '@tollgate/embedded';

const luaModules = '/usr/lib/nginx/modules';

/**
 * Programs that benches use beside Node, from Debian; a missing one is installed by root, else the command is named. Of the two
 * packages with a LuaJIT only this one can stand beside nginx's Lua module.
 */
export const peerCommands = {
  taskset: 'util-linux',
  luajit: 'luajit2',
  wrk: 'wrk',
  h2load: 'nghttp2-client',
  nginx: 'nginx',
  haproxy: 'haproxy',
} as const;

/** Makes sure that these programs are there. */
export function requireCommands(commands: readonly (keyof typeof peerCommands)[], report: Report): void {
  for (const command of commands) requireCommand({ command, debianPackage: peerCommands[command] }, report);
}

/** Path of a program that is there; see {@link requireCommands}. */
export function pathOf(command: keyof typeof peerCommands): string {
  const path = findCommand(command);
  if (path === undefined) throw new Error(`${command} is missing`);
  return path;
}

/** Paths of nginx's Lua module and of what it needs, in loading order. */
export function requireNginxLua(report: Report): string[] {
  return ['ndk_http_module.so', 'ngx_http_lua_module.so'].map((file) =>
    requireFile({ path: `${luaModules}/${file}`, debianPackage: 'libnginx-mod-http-lua' }, report),
  );
}
