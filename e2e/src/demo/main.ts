/** `npm run demo`: plays the whole journey with a fresh tenant and a second gateway against the running installation, or one of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { findInstallation, type Installation } from '../installation/find-installation.ts';
import { playJourney } from '../journey/journey.ts';
import { JourneyLog, type JourneyStep } from '../journey/journey-log.ts';
import { newCast } from '../journey/world.ts';

const isJson = process.argv.includes('--json');
const say = (text: string): void => void (isJson ? process.stderr : process.stdout).write(`${text}\n`);

function printStep(step: JourneyStep): void {
  say(
    `${`${step.ms.toFixed(0)} ms`.padStart(9)}  ${step.title}\n           → ${step.sent}\n           ← ${step.received}`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'tollgate-demo-'));
let installation: Installation | undefined;
let isOk = false;
try {
  installation = await findInstallation(folder, say);
  const outcome = await playJourney({
    installation: installation.addresses,
    cast: newCast(),
    log: new JourneyLog(printStep),
    folder,
  });
  isOk = true;
  const { publishToEnforcedMs, approvalToUsableMs, calls, counted, billable, billed, quota } = outcome;
  const whole = (ms: number): number => Math.round(ms * 10) / 10;
  const result = {
    ok: true,
    publishToEnforcedMs: whole(publishToEnforcedMs),
    approvalToUsableMs: whole(approvalToUsableMs),
    calls,
    counted,
    billable,
    billed,
    quotaOvershootCalls: quota.passed - quota.calls,
  };
  if (isJson) process.stdout.write(`${JSON.stringify(result)}\n`);
  else
    say(
      `\nPublish to enforced: ${result.publishToEnforcedMs} ms (median of 5). Approval to usable: ${result.approvalToUsableMs} ms.\n${calls} calls made, ${counted} counted; ${billable} billable, ${billed} billed.\nA quota of ${quota.calls} calls on ${quota.dataPlanes} data planes let ${quota.passed} pass.`,
    );
} catch (error) {
  process.stderr.write(`${inspect(error)}\n`);
  if (isJson) process.stdout.write(`${JSON.stringify({ ok: false })}\n`);
} finally {
  await installation?.stop();
  await rm(folder, { recursive: true, force: true });
}
process.exitCode = isOk ? 0 : 1;
