import { JSONSchemaFaker } from 'json-schema-faker';
import type { ApiDescription, Schema } from './operations.ts';

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

  /** One value that fits. */
  of(schema: Schema): unknown {
    return JSONSchemaFaker.generate({ ...schema, components: { schemas: this.schemas } });
  }
}
