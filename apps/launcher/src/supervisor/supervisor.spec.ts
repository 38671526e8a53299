import { describe, expect, it, vi } from 'vitest';
import type { Part, PartDefinition } from './part.ts';
import { Supervisor } from './supervisor.ts';

/** A part whose process the test ends by hand. */
function fakePart(pid: number, onStop: () => void = () => undefined) {
  const { promise, resolve } = Promise.withResolvers<string>();
  const part: Part = {
    pid,
    urls: {},
    exited: promise,
    stop: async () => {
      onStop();
      resolve('signal SIGTERM');
    },
  };
  return { part, crash: () => resolve('signal SIGKILL') };
}

function createSupervisor() {
  const lines: string[] = [];
  const restarted = vi.fn();
  return { supervisor: new Supervisor({ report: (line) => lines.push(line), restarted }), lines, restarted };
}

function definitionOf(name: string, ...starts: (() => Promise<Part>)[]): PartDefinition {
  return { name, start: () => starts.shift()?.() ?? Promise.reject(new Error('no more starts')) };
}

describe('Supervisor', () => {
  it('starts a crashed process again and says so', async () => {
    const { supervisor, lines, restarted } = createSupervisor();
    const [first, second] = [fakePart(1), fakePart(2)];
    const definition = definitionOf(
      'gateway',
      async () => first.part,
      async () => second.part,
    );
    await supervisor.start(definition);
    first.crash();

    await vi.waitFor(() => expect(restarted).toHaveBeenCalledOnce());
    expect(supervisor.current().get('gateway')?.pid).toBe(2);
    expect(lines).toEqual(['gateway ended (signal SIGKILL); starting it again in 0.25 s', 'gateway runs again']);
  });

  it('keeps trying with longer pauses when a start fails', async () => {
    const { supervisor, lines, restarted } = createSupervisor();
    const [first, second] = [fakePart(1), fakePart(2)];
    const definition = definitionOf(
      'gateway',
      async () => first.part,
      () => Promise.reject(new Error('gateway ended while starting')),
      async () => second.part,
    );
    await supervisor.start(definition);
    first.crash();

    await vi.waitFor(() => expect(restarted).toHaveBeenCalledOnce(), { timeout: 3_000 });
    expect(lines[1]).toBe('gateway ended while starting; starting it again in 0.5 s');
  });

  it('throws when the first start fails', async () => {
    const { supervisor } = createSupervisor();
    await expect(supervisor.start(definitionOf('gateway'))).rejects.toThrow('no more starts');
    expect(supervisor.current().size).toBe(0);
  });

  it('stops the latest first and starts nothing again', async () => {
    const { supervisor, lines } = createSupervisor();
    const stopped: string[] = [];
    for (const name of ['postgres', 'standalone', 'gateway']) {
      await supervisor.start(definitionOf(name, async () => fakePart(1, () => stopped.push(name)).part));
    }
    await supervisor.stop();
    expect(stopped).toEqual(['gateway', 'standalone', 'postgres']);
    expect(lines).toEqual([]);
  });

  it('gives up the pause before a start when it is stopped', async () => {
    const { supervisor, lines } = createSupervisor();
    const first = fakePart(1);
    const start = vi.fn(async () => first.part);
    await supervisor.start({ name: 'gateway', start });
    first.crash();
    await vi.waitFor(() => expect(lines).toHaveLength(1));
    await supervisor.stop();
    expect(start).toHaveBeenCalledOnce();
  });

  it('ends a process that became ready after the stop', async () => {
    const { supervisor, lines } = createSupervisor();
    const first = fakePart(1);
    const stopLate = vi.fn();
    const late = Promise.withResolvers<Part>();
    const starts = vi.fn<() => Promise<Part>>().mockResolvedValueOnce(first.part).mockReturnValueOnce(late.promise);
    await supervisor.start({ name: 'gateway', start: starts });
    first.crash();
    await vi.waitFor(() => expect(starts).toHaveBeenCalledTimes(2));
    await supervisor.stop();
    late.resolve(fakePart(2, stopLate).part);
    await vi.waitFor(() => expect(stopLate).toHaveBeenCalledOnce());
    expect(lines).not.toContain('gateway runs again');
  });
});
