import { JSONSchemaFaker } from 'json-schema-faker';
import type { ApiDescription, Schema } from './operations.ts';

const maxDraws = 50;

/** Values that fit a schema, the same for the same seed. */
export class Samples {
  private readonly schemas: Record<string, Schema>;

  constructor(api: ApiDescription, seed: number) {
    this.schemas = api.schemas;
    let state = seed >>> 0 || 1;
    JSONSchemaFaker.option({
      random: () => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return state / 0x1_0000_0000;
      },
      maxItems: 3,
      maxLength: 30,
      failOnInvalidFormat: false,
      alwaysFakeOptionals: false,
      optionalsProbability: 0.6,
    });
  }

  /** One value that fits. The generator trips over some of its own draws of recursive schemas; it then draws again. */
  of(schema: Schema): unknown {
    let failure: unknown;
    for (let draw = 0; draw < maxDraws; draw += 1) {
      try {
        return JSONSchemaFaker.generate({ ...schema, components: { schemas: this.schemas } });
      } catch (error) {
        failure = error;
      }
    }
    throw new Error('no value fits the schema', { cause: failure });
  }
}
