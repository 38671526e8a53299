import { DockerfileParser, type Dockerfile, type Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { describe, expect, it } from 'vitest';
import { rawComposeFile } from './compose-file.ts';
import { readText } from './repository.ts';

const text = readText('docker/Dockerfile');
const dockerfile: Dockerfile = DockerfileParser.parse(text);
const instructions = dockerfile.getInstructions();

interface Stage {
  readonly name: string;
  readonly base: string;
  readonly own: readonly Instruction[];
}

const stages: readonly Stage[] = dockerfile.getFROMs().map((from, index, all) => {
  const first = from.getRange().start.line;
  const next = all[index + 1]?.getRange().start.line ?? Infinity;
  return {
    name: from.getBuildStage() ?? '',
    base: from.getImage() ?? '',
    own: instructions.filter((one) => one.getRange().start.line > first && one.getRange().start.line < next),
  };
});
const stageNames = stages.map(({ name }) => name);
const targets = ['service', 'data-plane', 'migrate'];

/** The instructions of a stage after those of the stages that it builds on. */
function wholeStage(name: string): Instruction[] {
  const stage = stages.find((candidate) => candidate.name === name);
  return stage === undefined ? [] : [...wholeStage(stage.base), ...stage.own];
}

function argumentsOf(stage: string, keyword: string): string[] {
  return wholeStage(stage)
    .filter((one) => one.getKeyword() === keyword)
    .map((one) => one.getArgumentsContent() ?? '');
}

describe('the Dockerfile', () => {
  it('is free of findings', () => {
    expect(validate(text).map(({ message }) => message)).toEqual([]);
  });

  it('names an exact version of every base image', () => {
    const bases = stages.map(({ base }) => base).filter((base) => !stageNames.includes(base));
    expect(bases.filter((base) => !/^node:24\.\d+\.\d+-bookworm-slim$/.test(base))).toEqual([]);
    expect(new Set(bases).size).toBe(1);
  });

  it('has a stage for every target that is built', () => {
    const built = [...JSON.stringify(rawComposeFile()).matchAll(/"target":"([\w-]+)"/g)].map(([, target]) => target);
    expect(new Set(built)).toEqual(new Set(targets));
    expect(stageNames).toEqual(expect.arrayContaining(targets));
  });

  it.each(targets)('runs %s as a user that is not root, given by number', (target) => {
    expect(argumentsOf(target, 'USER').at(-1)).toBe('1000:1000');
  });

  it.each(['service', 'data-plane'])('lets the engine ask %s how it is', (target) => {
    expect(argumentsOf(target, 'HEALTHCHECK').at(-1)).toContain('["node", "/app/healthcheck.js"]');
    expect(readText('docker/healthcheck.js')).toContain("path: '/healthz'");
  });

  it('starts services with telemetry loaded before anything else', () => {
    const command = '["node", "--import", "@tollgate/platform/telemetry", "dist/main.js"]';
    expect(argumentsOf('service', 'CMD').at(-1)).toBe(command);
  });

  it.each(targets)('copies into %s only what was assembled for it, not the source', (target) => {
    const copies = wholeStage(target).filter((one) => one.getKeyword() === 'COPY');
    const assembled = target === 'migrate' ? 'assembled-migrate' : 'assembled';
    expect(copies.map((one) => one.getTextContent())).toEqual([
      'COPY docker/healthcheck.js /app/healthcheck.js',
      `COPY --from=${assembled} /image /app`,
    ]);
  });

  it('gets no secrets, installed packages, builds and tests from the machine that builds', () => {
    const ignored = readText('docker/Dockerfile.dockerignore').split('\n');
    expect(ignored).toContain('*');
    expect(ignored).toEqual(expect.arrayContaining(['**/node_modules', '**/dist', '**/.env', '**/*.spec.ts']));
  });
});
