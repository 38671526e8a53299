import { findCommand, requireCommand, requireFile } from '@tollgate/embedded';
import { type Browser, chromium } from 'playwright-core';

/** A font with Chinese characters; without one every page in 简体中文 is boxes. */
const chineseFont = { path: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', debianPackage: 'fonts-noto-cjk' };

const report = (line: string): void => void process.stderr.write(`${line}\n`);

/**
 * The real Chromium of this machine.
 * @throws Error naming the command that installs it where it is missing and cannot be installed.
 */
export async function openBrowser(): Promise<Browser> {
  if (findCommand('fc-list') !== undefined || process.getuid?.() === 0) requireFile(chineseFont, report);
  const executablePath = requireCommand({ command: 'chromium', debianPackage: 'chromium' }, report);
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}
