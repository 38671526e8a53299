import type { Component } from 'vue';

/** Something that the palette finds. */
export interface Command {
  readonly key: string;
  readonly label: string;
  readonly hint?: string | undefined;
  readonly icon: Component;
  readonly run: () => void;
}

/** Commands that stand together. */
export interface CommandSection {
  readonly key: string;
  readonly title: string;
  readonly commands: readonly Command[];
}

/** Whether every word of `text` stands somewhere in what a command says of itself. */
export function matches({ label, hint = '', key }: Command, text: string): boolean {
  const said = `${label} ${hint} ${key}`.toLocaleLowerCase();
  return text
    .toLocaleLowerCase()
    .split(/\s+/u)
    .every((word) => said.includes(word));
}
