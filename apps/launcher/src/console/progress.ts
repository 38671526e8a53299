import pc from 'picocolors';

const QUIET_MS = 1_000;

/** Tells people what happens, one line at a time. */
export interface Progress {
  /** Runs one step; says what it is doing when that takes over a second, and how it ended. */
  readonly step: <T>(title: string, work: () => Promise<T>) => Promise<T>;
  /** One line about something that happened. */
  readonly note: (line: string) => void;
}

/** Progress as lines of text; `write` takes each line with its end. */
export function createProgress(write: (text: string) => void): Progress {
  const note = (line: string) => write(`  ${pc.dim('·')} ${line}\n`);
  const step = async <T>(title: string, work: () => Promise<T>): Promise<T> => {
    const startedAt = performance.now();
    const announcement = setTimeout(() => write(`${pc.cyan('…')} ${title}\n`), QUIET_MS);
    try {
      const result = await work();
      write(`${pc.green('✓')} ${title} ${pc.dim(`${((performance.now() - startedAt) / 1000).toFixed(1)} s`)}\n`);
      return result;
    } catch (error) {
      write(`${pc.red('✗')} ${title}\n`);
      throw error;
    } finally {
      clearTimeout(announcement);
    }
  };
  return { step, note };
}
