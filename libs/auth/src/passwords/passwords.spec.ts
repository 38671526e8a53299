import { describe, expect, it } from 'vitest';
import { Passwords } from './passwords.ts';

const passwords = new Passwords();

describe('passwords', () => {
  it('match their own hash only', async () => {
    const hash = await passwords.hash('correct horse battery');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.matches('correct horse battery', hash)).toBe(true);
    expect(await passwords.matches('correct horse batterx', hash)).toBe(false);
    expect(await passwords.matches('', hash)).toBe(false);
  });

  it('have another hash each time', async () => {
    expect(await passwords.hash('same words')).not.toBe(await passwords.hash('same words'));
  });

  it('are the same in every Unicode form', async () => {
    const hash = await passwords.hash('caf\u00e9 au lait!');
    expect(await passwords.matches('cafe\u0301 au lait!', hash)).toBe(true);
  });

  it('are checked against the parameters they were hashed with', async () => {
    const older = '$argon2id$v=19$m=1024,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$' + 'A'.repeat(43);
    expect(await passwords.matches('anything', older)).toBe(false);
  });

  it.each([null, '', 'plain text', '$argon2i$v=19$m=1,t=1,p=1$a$b'])('never match %s', async (hash) => {
    expect(await passwords.matches('', hash)).toBe(false);
  });

  it('take about as long for an unknown person as for a known one', async () => {
    const hash = await passwords.hash('correct horse battery');
    const timeOf = async (known: string | null) => {
      const start = performance.now();
      for (let round = 0; round < 5; round += 1) await passwords.matches('wrong', known);
      return performance.now() - start;
    };
    await timeOf(hash);
    expect(await timeOf(null)).toBeGreaterThan((await timeOf(hash)) / 4);
  });
});
