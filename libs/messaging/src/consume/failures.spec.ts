import { describe, expect, it } from 'vitest';
import { BacklogFullError, BusUnavailableError } from '../bus/bus-errors.ts';
import { isOutage } from './failures.ts';

const withCode = (code: string): Error => Object.assign(new Error('failed'), { code });

describe('an outage', () => {
  it.each([
    ['a refused connection', withCode('ECONNREFUSED')],
    ['a server that shuts down', withCode('57P01')],
    ['a server that starts', withCode('57P03')],
    ['a lost connection', withCode('08006')],
    ['too many connections', withCode('53300')],
    ['a standby', withCode('25006')],
    ['a terminated client', new Error('Connection terminated unexpectedly')],
    ['an exhausted pool', new Error('timeout exceeded when trying to connect')],
    ['a bus that is away', new BusUnavailableError('away')],
    ['a full backlog', new BacklogFullError('full')],
    ['any of them as a cause', new Error('query failed', { cause: withCode('57P01') })],
    ['any of them inside a driver error', Object.assign(new Error('query failed'), { driverError: withCode('57P01') })],
    ['any of them among several', new AggregateError([withCode('ECONNREFUSED')])],
  ])('is %s', (_what, cause) => {
    expect(isOutage(cause)).toBe(true);
  });

  it.each([
    ['a bug', new TypeError('x is undefined')],
    ['a violated constraint', withCode('23505')],
    ['a deadlock', withCode('40P01')],
    ['something thrown that is no error', 'oops'],
  ])('is not %s', (_what, cause) => {
    expect(isOutage(cause)).toBe(false);
  });
});
