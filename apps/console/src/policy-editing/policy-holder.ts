import type { Direction, Policy, PolicyType } from './policy.ts';

/** What holds a policy that is edited: a template, or an object with policies of its own. */
export interface PolicyHolder {
  readonly canWrite: { readonly value: boolean };
  readonly form: { readonly wasSubmitted: { readonly value: boolean } };
  typeOf: (name: string) => PolicyType | undefined;
  /** The server’s refusals of one policy’s options, by pointers into them. */
  errorsOf: (direction: Direction, index: number) => Record<string, string>;
  /** JSON that is written for a policy and is none yet. */
  unreadable: (type: string) => string | undefined;
  setUnreadable: (type: string, text: string | undefined) => void;
  setPolicy: (direction: Direction, index: number, policy: Policy) => void;
}
