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
  /** As the console takes it. If the user chooses a value, it is the last word, with a proposal. */
  readonly command: string;
  /** Why it is not possible now; absent if it is. */
  readonly why?: string;
}

export type ActType =
  | 'deliver' | 'drop' | 'delay' | 'duplicate'
  | 'fire' | 'crash' | 'restart' | 'pause' | 'resume'
  | 'offset' | 'jump' | 'drift'
  | 'power-off' | 'unplug' | 'plug-in' | 'stall' | 'disk-ok'
  | 'cut' | 'cut-both' | 'heal' | 'heal-both' | 'reset';

/** A question of a panel: what can be done to a thing, or what is wrong with a command. */
export type ActQuestion =
  | { readonly type: 'acts'; readonly of: Thing }
  | { readonly type: 'fault'; readonly command: string };

export type ActAnswer =
  | { readonly type: 'acts'; readonly acts: readonly ActView[] }
  /** Empty if the command can be taken. */
  | { readonly type: 'fault'; readonly fault: string };
