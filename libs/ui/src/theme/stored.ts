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

/** Tells when another tab of this browser keeps or forgets this (null). @returns what ends it. */
export function watchStored(key: string, told: (value: string | null) => void): () => void {
  const listen = (event: StorageEvent): void => {
    if (event.key === key) told(event.newValue);
  };
  window.addEventListener('storage', listen);
  return () => window.removeEventListener('storage', listen);
}

/** Forgets a preference. */
export function removeStored(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    // What could not be kept need not be forgotten.
  }
}
