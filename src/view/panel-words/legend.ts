/** The words of the Cluster panel's legend and of the bar below: what marks and buttons mean. */

export const bar = {
  legend: 'Legend',
  close: 'Close',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  showAll: 'Show all',
  centre: 'Centre on the node that acted last',
  picture: 'Picture of the cluster',
  zoomKeys: 'Ctrl and the wheel, + and − zoom; 0 shows all.',
  keys: 'Ctrl and the wheel, + and − zoom; 0 shows all; dragging and arrow keys move it.',
} as const;

/** A mark of the picture, and what it means. */
export const meanings = {
  leads: 'in charge: the leader of its group, or the holder of its lock',
  bids: 'wants to be in charge, such as a candidate in an election',
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

/** `LeaderElected: A candidate received the votes of a majority.` */
export function eventMeaning({ event, doc }: { event: string; doc: string }): string {
  return `${event}: ${doc}`;
}

export type Meaning = keyof typeof meanings;

/** `epoch`: how the protocol of the nodes calls it, such as `term`; it may have several words. */
export function meaningText(meaning: Meaning, epochs: readonly string[]): string {
  if (meaning !== 'epoch' && meaning !== 'log') return meanings[meaning];
  const names = [...new Set(epochs)];
  return names.length === 0 ? meanings[meaning] : meanings[meaning].replaceAll(
    /\bepoch\b/g, names.join(' or '),
  );
}
