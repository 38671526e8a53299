import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

describe('readConfig', () => {
  it('keeps data in .tollgate and starts its own servers by default', () => {
    expect(readConfig({})).toEqual({ TOLLGATE_DATA_DIR: '.tollgate', TOLLGATE_DEMO: true, inherited: {} });
  });

  it('takes servers of the environment one by one', () => {
    const config = readConfig({ DATABASE_URL: 'postgres://admin@db.test/tollgate' });
    expect(config.DATABASE_URL).toBe('postgres://admin@db.test/tollgate');
    expect(config.REDIS_URL).toBeUndefined();
  });

  it('takes an empty variable as unset', () => {
    expect(readConfig({ DATABASE_URL: '', TOLLGATE_DATA_DIR: '' })).toMatchObject({ TOLLGATE_DATA_DIR: '.tollgate' });
  });

  it('names the variable that is wrong and does not repeat its value', () => {
    expect(() => readConfig({ TOLLGATE_MASTER_KEY: 'short-secret' })).toThrow(
      /^TOLLGATE_MASTER_KEY: (?!.*short-secret)/,
    );
  });
});
