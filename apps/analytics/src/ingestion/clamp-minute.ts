const toleranceSeconds = 5 * 60;

/**
 * The minute that a row counts in. Data planes correct their clocks; one that is still more than 5 minutes ahead of the time at which its
 * batch was accepted counts in the minute of the acceptance, so that no call lies in the future.
 * @param minute start of the reported minute, seconds since the epoch.
 * @param acceptedAt seconds since the epoch.
 */
export function clampMinute(minute: number, acceptedAt: number): { minute: number; isClamped: boolean } {
  if (minute <= acceptedAt + toleranceSeconds) return { minute, isClamped: false };
  return { minute: acceptedAt - (acceptedAt % 60), isClamped: true };
}
