import type { GroupChange } from './group-history.ts';

/** What shows in one answer; two versions of a subject that mean the same show the same. */
export type Sight = string;

/** A part of the configuration that is changed again and again, and that every call to it shows. */
export interface Subject {
  readonly name: string;
  /** Puts a version in force; version 1 comes first, and stands in the configuration from the start. */
  changeTo(version: number): GroupChange;
  /** What a call shows while a version is in force. */
  expected(version: number): Sight;
  /** Makes a call; resolves to what it shows. */
  look(): Promise<Sight>;
}

/** Which versions of a subject can be in force: from the last that was acknowledged to the last that was sent. */
export class VersionedSubject {
  sent = 1;
  acknowledged = 1;
  /** Checks, and those of them that had one right answer only: the others show little. */
  checks = 0;
  sharpChecks = 0;

  readonly subject: Subject;

  constructor(subject: Subject) {
    this.subject = subject;
  }

  /** The change to the next version. */
  next(): GroupChange {
    this.sent += 1;
    return this.subject.changeTo(this.sent);
  }

  /**
   * Makes a call and holds what it shows against all versions that can have been in force meanwhile. Resolves to null where it
   * fits one of them, otherwise to what was wrong.
   */
  async check(): Promise<string | null> {
    const least = this.acknowledged;
    const seen = await this.subject.look().catch((cause: unknown) => `no answer: ${String(cause)}`);
    const possible = new Set<Sight>();
    for (let version = least; version <= this.sent; version += 1) possible.add(this.subject.expected(version));
    this.checks += 1;
    if (possible.size === 1) this.sharpChecks += 1;
    if (possible.has(seen)) return null;
    const right = [...possible].join(' or ');
    return `${this.subject.name}: ${seen} instead of ${right} (versions ${least} to ${this.sent})`;
  }
}
