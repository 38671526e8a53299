import {
  contentHash,
  type GatewayResource,
  parseResource,
  type ResourceKey,
  type ResourceKind,
  type ResourceValues,
} from '@tollgate/contracts/gateway';
import { readResource } from './resource-text.ts';

/** Kinds of which there may be very many, and whose values nobody reads once they are compiled. */
const textOnly: ReadonlySet<ResourceKind> = new Set(['route', 'consumer', 'credential']);

/** A resource as a sequence holds it: what was written, and more only as long as it is needed. */
export class StoredResource {
  /** As it was written. */
  readonly text: string;
  #value: ResourceValues[ResourceKind] | null;
  #hash: string | null;

  /** @param checked its value, with defaults, and its content hash. */
  constructor(text: string, checked: { readonly value: ResourceValues[ResourceKind]; readonly hash: string }) {
    this.text = text;
    this.#value = checked.value;
    this.#hash = checked.hash;
  }

  /** Checked, with defaults. */
  value({ kind, id }: ResourceKey): ResourceValues[ResourceKind] {
    if (this.#value !== null) return this.#value;
    const parsed = parseResource(this.#read(kind, id));
    if (!parsed.ok) throw new Error(`${kind}/${id} cannot be read any more`);
    return parsed.resource.value;
  }

  /** The content hash of what was written. */
  hash({ kind, id }: ResourceKey): string {
    return this.#hash ?? contentHash(this.#read(kind, id).value);
  }

  /** It is compiled: values of kinds that there are many of are made from the text again when somebody asks. */
  compiled(kind: ResourceKind): void {
    if (textOnly.has(kind)) this.#value = null;
  }

  /** It is in force: its hash is in that of its group. */
  kept(kind: ResourceKind): void {
    this.compiled(kind);
    this.#hash = null;
  }

  #read(kind: ResourceKind, id: string): GatewayResource {
    return readResource({ kind, id, text: this.text });
  }
}
