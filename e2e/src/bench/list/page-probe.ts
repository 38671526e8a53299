import type { Page } from 'playwright-core';

/** What a key press in the search box led to. */
export interface FilterTimes {
  /** Milliseconds from the key press until the rows were painted. */
  readonly fromKey: number;
  /** The same from the start of the request; what lies before it is rest on purpose, and the page's own work. */
  readonly fromRequest: number;
}

/** What scrolling to the end of the list cost. */
export interface Scrolled {
  /** Durations of tasks over 50 ms, in milliseconds. */
  readonly longTasks: readonly number[];
  /** Most rows that stood in the document at once. */
  readonly mostRows: number;
  readonly frames: number;
  readonly seconds: number;
}

/** Stands in the page: writes down key presses and long tasks, and tells when rows are painted. */
const probe = `(() => {
  const probe = { keyAt: 0, longTasks: [] };
  addEventListener('keydown', ({ timeStamp }) => { probe.keyAt = timeStamp; }, true);
  new PerformanceObserver((list) => probe.longTasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: 'longtask' });
  const rows = () => [...document.querySelectorAll('main tbody tr[data-index]')];
  const afterPaint = (then) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = then;
    channel.port2.postMessage(undefined);
  };
  probe.arm = (status, text) => {
    performance.clearResourceTimings();
    probe.painted = new Promise((resolve, reject) => {
      const deadline = performance.now() + 10000;
      const look = () => {
        const said = document.querySelector('main [role=status].tabular-nums')?.textContent.trim();
        const isThere = said === status && rows().length > 0 && rows().every((row) => row.textContent.toLowerCase().includes(text));
        if (!isThere) return performance.now() > deadline ? reject(new Error('"' + text + '" shows ' + said + ', not ' + status)) : requestAnimationFrame(look);
        afterPaint(() => {
          const paintedAt = performance.now();
          const asked = performance.getEntriesByType('resource').filter(({ name }) => /\\/routes\\?.*search=/.test(name)).at(-1);
          resolve({ fromKey: paintedAt - probe.keyAt, fromRequest: asked === undefined ? -1 : paintedAt - asked.startTime });
        });
      };
      requestAnimationFrame(look);
    });
  };
  probe.scroll = (last, step) => new Promise((resolve, reject) => {
    probe.longTasks.length = 0;
    const startedAt = performance.now();
    let [mostRows, frames] = [0, 0];
    const move = () => {
      frames += 1;
      mostRows = Math.max(mostRows, rows().length);
      const isThere = rows().some((row) => row.getAttribute('aria-rowindex') === String(last));
      const seconds = (performance.now() - startedAt) / 1000;
      if (isThere) return setTimeout(() => resolve({ longTasks: [...probe.longTasks], mostRows, frames, seconds }), 500);
      if (seconds > 150) return reject(new Error('the end of the list was not reached'));
      scrollBy(0, step);
      requestAnimationFrame(move);
    };
    requestAnimationFrame(move);
  });
  window.listProbe = probe;
})()`;

/** Puts the probe into a page that stands. */
export async function placeProbe(page: Page): Promise<void> {
  await page.evaluate(probe);
}

/** Presses a key in the focused search box and waits for the rows: `status` is what the page then says of their number. */
export async function pressAndWait(
  page: Page,
  { keys, status, text }: { keys: readonly string[]; status: string; text: string },
): Promise<FilterTimes> {
  await page.evaluate(`listProbe.arm(${JSON.stringify(status)}, ${JSON.stringify(text)})`);
  for (const key of keys) await page.keyboard.press(key);
  return page.evaluate<FilterTimes>('listProbe.painted');
}

/** Scrolls down, some rows with every frame, until the last of so many rows stands in the document. */
export async function scrollToEnd(page: Page, { rows, step }: { rows: number; step: number }): Promise<Scrolled> {
  return page.evaluate<Scrolled>(`listProbe.scroll(${rows + 1}, ${step})`);
}
