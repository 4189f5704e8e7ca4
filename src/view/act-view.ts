/** What the menus of the picture show and ask: acts, as commands of the console. */

/** A thing in the picture, by its attribute: `data-node="n1"`, `data-timer="n1 retry"`. */
export interface Thing {
  readonly type: 'node' | 'timer' | 'message' | 'link';
  readonly name: string;
}

export interface ActView {
  readonly type: ActType;
  /** What it acts on: `n2`, `election of n2`, `n1->n3#4`, `n1 -> n2`. */
  readonly on: string;
  /** As the console takes it. */
  readonly command: string;
  /** The end of the command, if the user chooses it: this is a proposal. */
  readonly value?: string;
  /** The parameters of an operation, in their order; in brackets those that may be left out. */
  readonly parameters?: readonly string[];
  /** Why it is not possible now; absent if it is. */
  readonly why?: string;
}

export type ActType =
  | 'invoke'
  | 'deliver' | 'drop' | 'delay' | 'duplicate'
  | 'fire' | 'crash' | 'restart' | 'pause' | 'resume'
  | 'offset' | 'jump' | 'drift'
  | 'power-off' | 'unplug' | 'plug-in' | 'slow' | 'stall' | 'disk-ok'
  | 'cut' | 'cut-both' | 'heal' | 'heal-both' | 'reset';

/** A question of a panel: what can be done to a thing, or what is wrong with a command. */
export type ActQuestion =
  | { readonly type: 'acts'; readonly of: Thing }
  | { readonly type: 'fault'; readonly command: string };

export type ActAnswer =
  | { readonly type: 'acts'; readonly acts: readonly ActView[] }
  /** Empty if the command can be taken. */
  | { readonly type: 'fault'; readonly fault: string };
