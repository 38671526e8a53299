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
   * Makes a call and holds what it shows against all versions that can have been in force meanwhile. Resolves to null where it fits no
   * other, otherwise to what was wrong.
   */
  async check(): Promise<{ readonly wrong: string | null; readonly isSharp: boolean }> {
    const least = this.acknowledged;
    const seen = await this.subject.look().catch((cause: unknown) => `no answer: ${String(cause)}`);
    const possible = new Set<Sight>();
    for (let version = least; version <= this.sent; version += 1) possible.add(this.subject.expected(version));
    const wrong = possible.has(seen)
      ? null
      : `${this.subject.name}: ${seen} instead of ${[...possible].join(' or ')} (versions ${least} to ${this.sent})`;
    return { wrong, isSharp: possible.size === 1 };
  }
}
