/** A running process of the platform. */
export interface Part {
  readonly pid: number;
  /** Where it listens, by name. */
  readonly urls: Record<string, string>;
  /** Settles with the reason when the process is gone. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
}

/** How to start one process of the platform, for the first time and again after a crash. */
export interface PartDefinition<P extends Part = Part> {
  readonly name: string;
  /** Returns when the process is ready. */
  start(): Promise<P>;
}
