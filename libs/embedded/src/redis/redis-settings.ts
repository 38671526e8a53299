/** What differs between the Redis servers that we start. */
export interface RedisSettings {
  readonly port: number;
  readonly dataDir: string;
  readonly password: string;
  readonly volatile: boolean;
  readonly maxMemoryBytes: number;
}

/** Text of a redis.conf. The process keeps its original title: its command line tells a later run whose it is. */
export function redisSettings({ port, dataDir, password, volatile, maxMemoryBytes }: RedisSettings): string {
  const settings = {
    bind: '127.0.0.1',
    port,
    dir: `"${dataDir}"`,
    requirepass: password,
    appendonly: volatile ? 'no' : 'yes',
    appendfsync: 'always',
    save: '""',
    maxmemory: maxMemoryBytes,
    'maxmemory-policy': 'noeviction',
    'set-proc-title': 'no',
    daemonize: 'no',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}\n`)
    .join('');
}
