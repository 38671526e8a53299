import { describe, expect, it } from 'vitest';
import { toRoutePath } from './path-template.ts';

describe('a path template', () => {
  it.each([
    ['/pets', '/pets'],
    ['/pets/{id}', '/pets/:id'],
    ['/repos/{owner}/{repo}/issues', '/repos/:owner/:repo/issues'],
    ['/a/{id}/b/{id}', '/a/:id/b/:id_2'],
    ['/a/{pet-id}', '/a/:pet_id'],
    ['/a/{1st}', '/a/:p1st'],
    ['/v1/{+name}', '/v1/*name'],
    ['/files/{path*}', '/files/*path'],
  ])('%s becomes %s', (template, uri) => {
    expect(toRoutePath(template)).toMatchObject({ uri, expression: null });
  });

  it.each([
    ['/compare/{base}...{head}', '/compare/:base', '/compare/a...b', '/compare/a..b'],
    ['/calls/{sid}.json', '/calls/:sid', '/calls/1.json', '/calls/1.xml'],
    ['/jobs/{job}:cancel', '/jobs/:job', '/jobs/7:cancel', '/jobs/7'],
    ['/odd/:literal', '/odd/:part', '/odd/:literal', '/odd/x'],
  ])('%s keeps the literal parts of a segment by an expression', (template, uri, taken, refused) => {
    const path = toRoutePath(template);
    expect(path.uri).toBe(uri);
    expect(taken).toMatch(new RegExp(path.expression ?? 'none'));
    expect(refused).not.toMatch(new RegExp(path.expression ?? ''));
  });

  it('that is literal earlier has the higher priority, and an exact path needs none', () => {
    const priorities = ['/a/{x}/{y}', '/a/{x}/c', '/a/{x}.json/c', '/a/b/{y}'].map(
      (path) => toRoutePath(path).priority,
    );
    expect([...priorities].sort((a, b) => a - b)).toEqual(priorities);
    expect(new Set(priorities).size).toBe(4);
    expect(toRoutePath('/a/b/c').priority).toBe(0);
    expect(Math.max(...['/{a}', '/x'.repeat(30) + '/{a}'].map((path) => toRoutePath(path).priority))).toBeLessThan(
      2 ** 31,
    );
  });
});
