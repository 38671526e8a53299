export { eventually, type EventuallyOptions } from './eventually.ts';
export { redisDatabase } from './redis-database.ts';
