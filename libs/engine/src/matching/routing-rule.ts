import type { AddressSet } from './address-set.ts';
import type { Predicate } from './expression.ts';
import type { PathPattern } from './path-pattern.ts';

/** What the router needs to know of a route. */
export interface RoutingRule {
  readonly id: string;
  /** Patterns in lower case; empty = every host of the group. */
  readonly hosts: readonly string[];
  readonly paths: readonly PathPattern[];
  /** Null = every method. */
  readonly methods: ReadonlySet<string> | null;
  readonly priority: number;
  readonly addresses: AddressSet | null;
  readonly predicate: Predicate | null;
}

/** What the router needs to know of a call. */
export interface RoutingFacts {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly clientAddress: string;
  variable(name: string): string | undefined;
}

/** A matched route with the parameters of its path. */
export interface Match<R extends RoutingRule> {
  readonly route: R;
  readonly pattern: PathPattern;
  readonly parameters: Readonly<Record<string, string>>;
}
