/** Reads a preference; a browser that forbids storage has none. */
export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** Keeps a preference for the next visit, where the browser allows it. Preferences only: nothing secret is ever stored. */
export function writeStored(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A private window may forbid it; the choice then lasts as long as the page.
  }
}

/** Forgets a preference. */
export function removeStored(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // What could not be kept need not be forgotten.
  }
}
