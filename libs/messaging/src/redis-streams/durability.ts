import type { Redis } from 'ioredis';
import type { BusLogger } from '../bus/bus-logger.ts';

/** Settings without which Redis may lose what it confirmed. */
const needed = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' };

/** Warns when the server's settings allow it to lose records. Hosted servers that hide their settings are warned of as well. */
export async function warnUnlessDurable(redis: Redis, logger: BusLogger): Promise<void> {
  const wrong: Record<string, unknown> = {};
  for (const [name, wanted] of Object.entries(needed)) {
    const found = await settingOf(redis, name);
    if (found !== wanted) wrong[name] = { found, wanted };
  }
  if (Object.keys(wrong).length > 0) logger.warn({ settings: wrong }, 'redis may lose events that it confirmed');
}

async function settingOf(redis: Redis, name: string): Promise<unknown> {
  try {
    const answer: unknown = await redis.config('GET', name);
    return Array.isArray(answer) ? answer[1] : 'unknown';
  } catch {
    return 'unknown';
  }
}
