/** What a breakpoint was hit by, in words: editors, panels and consoles say the same. */

/** An event that a node reports, with its fields or their summary: `TermChanged at n2: term 2`. */
export interface EventHit {
  readonly type: 'event';
  readonly name: string;
  readonly node: string;
  /** Empty if the event has no fields. */
  readonly details: string;
}

/** A message, timer or operation that a node is about to handle. */
export interface HandlerHit {
  readonly type: 'handler';
  readonly name: string;
  readonly node: string;
  /** Who sent the message that it handles, and the message's summary or fields. */
  readonly received?: { readonly from: string; readonly details: string };
}

/** A part of a node's state that has changed. */
export interface DataHit {
  readonly type: 'data';
  readonly node: string;
  readonly path: readonly string[];
  /** The value before and after, on one line; undefined if there was none or is none. */
  readonly from: string | undefined;
  readonly to: string | undefined;
}

/** `RequestVote at n2 from n1: term 2`, `n1.state.currentTerm changed from 1 to 2`. */
export function hitText(hit: EventHit | HandlerHit | DataHit): string {
  switch (hit.type) {
    case 'event':
      return withDetails(`${hit.name} at ${hit.node}`, hit.details);
    case 'handler': {
      const place = `${hit.name} at ${hit.node}`;
      const { received } = hit;
      if (received === undefined) return place;
      return withDetails(`${place} from ${received.from}`, received.details);
    }
    case 'data':
      return `${[hit.node, 'state', ...hit.path].join('.')} ${changeText(hit)}`;
  }
}

function withDetails(place: string, details: string): string {
  return details === '' ? place : `${place}: ${details}`;
}

function changeText({ from, to }: DataHit): string {
  if (from === undefined) return `is new: ${to}`;
  return to === undefined ? `was removed: it was ${from}` : `changed from ${from} to ${to}`;
}
