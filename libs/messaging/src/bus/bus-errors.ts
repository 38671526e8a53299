/** The broker cannot be reached, or did not confirm. Whether the records were stored is unknown. */
export class BusUnavailableError extends Error {
  override readonly name: string = 'BusUnavailableError';
}

/** Consumers are too far behind: the broker refuses more until they catch up. Nothing was stored. */
export class BacklogFullError extends BusUnavailableError {
  override readonly name = 'BacklogFullError';
}

/** The topic was never created: the migrate step has not run. */
export class UnknownTopicError extends BusUnavailableError {
  override readonly name = 'UnknownTopicError';

  /** @param topic name of the topic, or of several of which at least one is missing. */
  constructor(topic: string) {
    super(`topic ${topic} does not exist; the migrate step creates topics`);
  }
}

/** A record is larger than the bus takes; trying again is useless. */
export class RecordTooLargeError extends Error {
  override readonly name = 'RecordTooLargeError';
}
