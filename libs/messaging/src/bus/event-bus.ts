/**
 * The event bus as the rest of the platform sees it: topics cut into partitions, records of one key in order, consumer
 * groups with a position per partition, at-least-once delivery. Kafka and Redis Streams implement it; one contract suite
 * (`src/contract`) holds both to it.
 */
export interface EventBus {
  /**
   * Stores the records durably; records of one key keep their order. A rejected call may have stored some of them: publish
   * again, consumers deduplicate.
   * @throws BusUnavailableError when the broker cannot be reached or did not confirm.
   * @throws BacklogFullError when consumers are too far behind; publish again later.
   * @throws RecordTooLargeError when a record exceeds {@link maxRecordBytes}; it never will be accepted.
   */
  publish(records: readonly BusRecord[]): Promise<void>;
  /** Creates the topics that do not exist. Existing ones are left as they are. */
  ensureTopics(topics: readonly TopicSpec[]): Promise<void>;
  /**
   * Starts delivering to a consumer group, from the group's position or, for a new group, from the oldest record. Resolves at
   * once; the subscription connects, and reconnects after every failure, on its own until it is closed.
   */
  subscribe(options: SubscriptionOptions): Subscription;
  /** Reads what a topic holds at this moment, oldest first per partition, without any consumer group's position. */
  read(topic: string): AsyncIterable<StoredRecord>;
  /** Rejects when the broker cannot be reached. */
  check(): Promise<void>;
  /** Closes every subscription and connection. */
  close(): Promise<void>;
}

/** Largest value of a record, in bytes of UTF-8. */
export const maxRecordBytes = 4 * 1024 * 1024;

/** A record to publish. */
export interface BusRecord {
  readonly topic: string;
  /** Records with the same key go to the same partition, in order. */
  readonly key: string;
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** A record as the broker holds it. */
export interface StoredRecord extends BusRecord {
  readonly partition: number;
  /** Kafka offset or Redis stream id; orders the records of a partition. */
  readonly position: string;
  /** When the broker took it, milliseconds since the epoch. */
  readonly storedAtMs: number;
}

/** A topic as the migrate step creates it. */
export interface TopicSpec {
  readonly name: string;
  readonly partitions: number;
  /** How long records are kept at most. The Redis transport frees acknowledged records earlier. */
  readonly retentionMs: number;
  /**
   * What becomes of records that no consumer group reads when the Redis transport runs into its cap: facts give way, dead
   * letters are kept and the publisher waits.
   */
  readonly unread: 'drop-oldest' | 'keep';
}

/** Consecutive records of one partition. */
export interface RecordBatch {
  readonly topic: string;
  readonly partition: number;
  readonly records: readonly StoredRecord[];
  /** Aborted when the partition moves to another member or the subscription closes: finish the record at hand and return. */
  readonly signal: AbortSignal;
  /** Moves the group's position behind this record. Records are acknowledged in order. */
  readonly acknowledge: (record: StoredRecord) => void;
}

/** What a consumer group reads, and how. */
export interface SubscriptionOptions {
  readonly group: string;
  readonly topics: readonly string[];
  /** Most records in a batch. */
  readonly maxBatch: number;
  /** How long a record may wait for others to fill its batch, milliseconds; 0 hands over at once. */
  readonly maxWaitMs: number;
  /**
   * Takes a batch; one call at a time per partition. What it has not acknowledged when it returns or rejects is delivered again,
   * after a back-off if it rejected.
   */
  readonly handle: (batch: RecordBatch) => Promise<void>;
}

/** A consumer group's member in this process. */
export interface Subscription {
  readonly group: string;
  /** Rejects unless the member has joined its group and is being served. */
  check(): Promise<void>;
  /** Finishes the records at hand, saves the position, gives the partitions to the other members. */
  close(): Promise<void>;
}
