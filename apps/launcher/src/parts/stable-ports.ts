const PORT_VARIABLES = {
  console: 'CONSOLE_PORT',
  portal: 'PORTAL_PORT',
  link: 'LINK_PORT',
  http: 'GATEWAY_HTTP_PORT',
  https: 'GATEWAY_HTTPS_PORT',
  status: 'GATEWAY_STATUS_PORT',
} as const;

/**
 * The ports that a process must take again when it starts after a crash: where "any free one" (0) was asked for, the one
 * that it took the first time. Callers and data planes know that address.
 */
export function stablePorts(env: NodeJS.ProcessEnv, announced: Record<string, string>): NodeJS.ProcessEnv {
  const taken = Object.entries(PORT_VARIABLES).flatMap(([part, variable]) => {
    const url = announced[part];
    return env[variable] === '0' && url ? [[variable, new URL(url).port] as const] : [];
  });
  return Object.fromEntries(taken);
}
