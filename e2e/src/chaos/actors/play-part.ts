import { z } from 'zod';

/** A part that is being played. */
export interface PlayedPart {
  /** Told when it has begun. */
  readonly ready: Readonly<Record<string, unknown>>;
  /** Answers a question of the process that started it. */
  answer(question: string): Promise<Readonly<Record<string, unknown>>>;
}

/** Plays a part in the process of an `ActorProcess`: begins with what the part was told, then answers questions one by one. */
export async function playPart<Told>(told: z.ZodType<Told>, begin: (told: Told) => Promise<PlayedPart>): Promise<void> {
  const part = await begin(told.parse(JSON.parse(process.argv[2] ?? '')));
  let answered: Promise<void> = Promise.resolve();
  process.on('message', (question) => {
    answered = answered.then(async () => say(await part.answer(z.string().parse(question))));
  });
  process.on('disconnect', () => process.exit(0));
  say(part.ready);
}

function say(said: Readonly<Record<string, unknown>>): void {
  process.send?.({ said });
}
