/** The words of the Cluster panel's legend and of the bar below: what marks and buttons mean. */

export const bar = {
  legend: 'Legend',
  close: 'Close',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  showAll: 'Show all',
  centre: 'Centre on the node that acted last',
  picture: 'Picture of the cluster',
  keys: 'Ctrl and the wheel, + and − zoom; 0 shows all; dragging and arrow keys move it.',
} as const;

/** A mark of the picture, and what it means. */
export const meanings = {
  leads: 'leads, where others do not',
  bids: 'bids to lead',
  acted: 'took the last action',
  paused: 'paused: its process is stopped',
  crashed: 'has no running process',
  epoch: 'its tint is its epoch: nodes of one tint are in the same',
  timer: 'a timer: the arc is the time left, and empty when it fires',
  votes: 'votes it has, and those it needs',
  lease: 'a lease: the bar is the time left',
  log: 'last log entries by epoch; filled if committed',
  holds: 'holds the lock',
  believes: 'believes that it holds the lock, but does not',
  granted: 'holds the lock, but does not know it yet',
  changed: 'changed in this step',
  message: 'message in flight, where it is now',
  next: 'arrives next',
  fresh: 'just sent',
  refusal: 'refusal: a vote denied, a write fenced off',
  arrived: 'arrived with the last action',
  lost: 'lost with the last action',
  wall: 'wall between parts that cannot reach each other',
  cut: 'cut link; with an arrow, in this direction only',
  connection: 'connection',
  broken: 'broken connection: half-open, opening or closing',
  again: 'messages wait to be sent again',
} as const;

/** What the tint of a node is: `its tint is its term: nodes of one tint are in the same`. */
export function epochMeaning(names: readonly string[]): string {
  if (names.length !== 1) return meanings.epoch;
  return `its tint is its ${names[0]}: nodes of one tint are in the same`;
}

/** `LeaderElected: A candidate received the votes of a majority.` */
export function eventMeaning({ event, doc }: { event: string; doc: string }): string {
  return `${event}: ${doc}`;
}

export type Meaning = keyof typeof meanings;
