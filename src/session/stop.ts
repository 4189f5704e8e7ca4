/** Why the debugger stands where it stands. */

/** A moment of a branch: between actions, or inside the handler of the next one. */
export interface Moment {
  readonly step: number;
  readonly inside: boolean;
  /** Inside: how many statements of it were done. */
  readonly line: number;
}

export type StopType =
  | 'entry'
  | 'step'
  | 'pause'
  | 'goto'
  | 'breakpoint'
  | 'function breakpoint'
  | 'data breakpoint'
  | 'exception'
  | 'end';

export interface Stop {
  readonly type: StopType;
  /** In a few words: `TermChanged at n3`. */
  readonly text: string;
  /** What an exception stop found, at length. */
  readonly finding?: Finding;
  /** The breakpoints that were met. */
  readonly breakpoints: readonly number[];
  /** The node whose thread was stepped; absent for the cluster's. */
  readonly node?: number;
  /** The event of the step at which it stopped, by its place among them. */
  readonly event?: number;
  /** True where nobody asked to go there: the editor is not to take the person elsewhere. */
  readonly quiet?: true;
  /** The step of the scenario that is about to begin, where its breakpoint was met. */
  readonly begins?: number;
}

export type Finding =
  | { readonly type: 'event'; readonly name: string; readonly text: string }
  | {
      readonly type: 'broken';
      readonly name: string;
      readonly text: string;
      /** True where the invariant itself threw. */
      readonly threw: boolean;
    }
  | { readonly type: 'thrown'; readonly name: string; readonly text: string };

export function stopOf(type: StopType, text: string, node?: number): Stop {
  return { type, text, breakpoints: [], ...(node === undefined ? {} : { node }) };
}

/** One stop for all that was met in a step: the first gives the reason. */
export function joined(stop: Stop | undefined, other: Stop | undefined): Stop | undefined {
  if (stop === undefined || other === undefined) return stop ?? other;
  const event = stop.event ?? other.event;
  const breakpoints = [...stop.breakpoints, ...other.breakpoints];
  return { ...stop, breakpoints, ...(event === undefined ? {} : { event }) };
}
