import { stripVTControlCharacters } from 'node:util';
import { expect, it } from 'vitest';
import { greeting } from './greeting.ts';

const urls = {
  console: 'http://127.0.0.1:8080',
  portal: 'http://127.0.0.1:8081',
  http: 'http://127.0.0.1:9080',
  https: 'https://127.0.0.1:9443',
};
const logIn = (name: string) => ({ email: `${name}@demo.test`, password: `${name}-secret` });

it('shows addresses, log-ins and the command to paste', () => {
  const curl = 'curl -H "apikey: k" http://127.0.0.1:9080/demo';
  const text = stripVTControlCharacters(
    greeting(urls, { admin: logIn('admin'), developer: logIn('dev'), operator: logIn('op'), curl, siteSlug: 'demo' }),
  );
  for (const shown of [
    ...Object.values(urls),
    'admin@demo.test  admin-secret',
    'dev@demo.test',
    'op@demo.test',
    curl,
    'http://127.0.0.1:8081/demo',
  ]) {
    expect(text).toContain(shown);
  }
});

it('shows only the addresses when there is no demo tenant', () => {
  const text = stripVTControlCharacters(greeting(urls, undefined));
  expect(text).toContain('http://127.0.0.1:8080');
  expect(text).not.toMatch(/demo/i);
});
