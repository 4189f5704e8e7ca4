/** The words of the Space-Time panel: events, cones, searches and comparisons. */
import { timeText } from '../../kernel/text/duration.ts';
import type {
  ConeAnswer, DifferenceReason, LaneView, MessageOutcome, SearchAnswer, StepKind,
} from '../spacetime/spacetime-view.ts';

export const labels = {
  picture: 'Space-time diagram',
  keys:
    'Arrow left and right: events of a node. Up and down: the node above or below. ' +
    'Shift with left and right: along a message. Enter: go to this step. ' +
    'Shift with Enter or with a click: pick the event for a shape. ' +
    'Plus, minus and 0: zoom. Home and End: first and last event. Escape: no event.',
  searchFor: 'Search for',
  condition: 'condition',
  shapes: {
    request: 'request and response', broadcast: 'broadcast', gather: 'gather',
    picked: 'picked events',
  },
  shapeTitles: {
    request: 'A node sends to another, which answers when it receives that',
    broadcast: 'One step sends messages that two or more other nodes receive',
    gather: 'A node receives the same message from two or more others in a row',
    picked: 'Shift with a click, or with Enter, picks the events of a shape',
  },
  pickedEvents: 'Picked events',
  nodesOfShape: 'Nodes of the shape',
  sameRoles: 'nodes of the same roles',
  anyNodes: 'any nodes',
  findShape: 'Find This Shape',
  clearPicked: 'Clear',
  search: 'Search with CEL',
  searchPlaceholder: 'event.name == "LeaderElected"',
  previousMatch: 'Previous match (Shift+F3)',
  nextMatch: 'Next match (F3)',
  axis: 'Axis',
  axisTitle:
    'By time: slopes show how long messages took. ' +
    'By step: all steps are equally far apart, also those at the same moment',
  byTime: 'By time',
  byStep: 'By step',
  compress: 'Cut long gaps',
  compressTitle: 'Draw long gaps between steps short; the slopes are then no longer true to scale',
  follow: 'Follow',
  followTitle: 'Scroll to the current step at each stop',
  compare: 'Compare with',
  nothing: 'nothing',
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  fit: 'Show the whole run',
  here: 'Show the current step',
  events: 'Events near the focus',
  step: 'Step',
  time: 'Time',
  what: 'What happened',
  relation: 'To the event',
  changed: 'Changed',
  sent: 'Sent',
  reported: 'Reported',
  violated: 'Violated',
  noEvent: 'No event is chosen: point at one, or use the arrow keys.',
  goThere: 'Go to this step',
  past: 'past',
  future: 'future',
  concurrent: 'concurrent',
  legend: 'Legend',
  notComputed: 'not read yet',
} as const;

/** The marks of the picture, in the order of the legend. */
export const legendWords = {
  message: 'message received',
  timer: 'timer',
  operation: 'operation',
  fault: 'fault',
  event: 'protocol event',
  refused: 'refused',
  lost: 'lost',
  flying: 'in flight',
  lead: 'in charge, such as a leader',
  bid: 'wants to be in charge, such as a candidate',
  off: 'crashed or paused',
  cut: 'links cut',
  violated: 'violated or threw',
  past: 'past of the event',
  future: 'future',
  concurrent: 'concurrent',
} as const;

/** A time on the axis, to the digits in which ticks that are `apart` microseconds differ. */
export function timeLabel(time: number, apart: number): string {
  if (time === 0) return '0';
  const digits = (unit: number) => Math.max(0, Math.ceil(Math.log10(unit / apart)));
  if (time >= 1_000_000) return `${(time / 1_000_000).toFixed(digits(1_000_000))} s`;
  if (time >= 1_000) return `${(time / 1_000).toFixed(digits(1_000))} ms`;
  return `${time} µs`;
}

/** A step on an axis of steps. */
export function stepLabel(step: number): string {
  return `step ${step}`;
}

/** A time that the axis leaves out. */
export function gapLabel(time: number): string {
  return timeText(time);
}

/** Above the rows of a lane, if not all of them are in view. */
export function rowsText(first: number, last: number, count: number): string {
  return `${rowsShort(first, last, count)}: drag, or Alt and the wheel, for more`;
}

/** Where there is little room. */
export function rowsShort(first: number, last: number, count: number): string {
  return `nodes ${first} to ${last} of ${count}`;
}

/** Empty for the first branch of the session, which needs no name while it is alone. */
export function laneName({ title }: Pick<LaneView, 'title'>): string {
  return title;
}

export function branchChoice(number: number, parted: number): string {
  return number === 0 ? 'the first run' : `branch ${number}, from step ${parted}`;
}

/** `isChosen`: it is not the counterpart, but the user has chosen it. */
export function twinChoice(file: string, isChosen = false): string {
  if (isChosen) return file;
  return file.endsWith('.broken.scenario.yaml') ? `its broken twin, ${file}` : `its story, ${file}`;
}

/** `n3 receives AppendEntries from n1`, as far as the columns of the run say it. */
export interface StepWords {
  readonly kind: StepKind;
  readonly node: string;
  readonly label: string;
  readonly message?: { readonly from: string; readonly to: string; outcome: MessageOutcome };
}

export function stepSentence({ kind, node, label, message }: StepWords): string {
  switch (kind) {
    case 'start':
      return 'all nodes boot';
    case 'message':
      if (message === undefined) return label;
      if (message.outcome === 'lost') {
        return `${label} from ${message.from} to ${message.to} is lost`;
      }
      if (message.outcome === 'reset') {
        return `${label} from ${message.from} is refused by the host of ${message.to}`;
      }
      return message.outcome === 'refused'
        ? `${message.to} receives the refusal ${label} from ${message.from}`
        : `${message.to} receives ${label} from ${message.from}`;
    case 'timer':
      return `${node}'s ${label} timer fires`;
    case 'operation':
      return `${node} invokes ${label}`;
    case 'fault':
    case 'other':
      return label;
  }
}

export function stepTime(step: number, time: number): string {
  return `step ${step}, ${timeText(time)}`;
}

export function coneSentence({ counts, lamport }: ConeAnswer): string {
  const { past, future, concurrent } = counts;
  return `${past} before it, ${future} after it, ${concurrent} concurrent; Lamport time ${lamport}`;
}

export function relationWord(relation: 'before' | 'after' | 'concurrent' | 'same' | ''): string {
  return relation === 'same' ? 'itself' : relation;
}

/** What is known of a search: how many matches, and which of them is current. */
export interface SearchState {
  readonly found: number;
  /** By run, the upper one first; absent if only one is shown. */
  readonly byRun?: readonly number[];
  /** Counted from 1; 0 if none is current. */
  readonly current: number;
  /** How much of the run was searched, 0 to 1. */
  readonly share: number;
  readonly failed: number;
  readonly why?: string;
  /** Of a shape: how many places could not be searched to the end, or counted. */
  readonly left?: number;
}

export function searchText(state: SearchState): string {
  const { found, current, share, failed, why, left = 0 } = state;
  const progress = share < 1 ? ` · ${Math.floor(share * 100)} % searched` : '';
  const counted = current > 0 ? `${current} of ${found}` : matchesText(state);
  const place = left > 0 ? `${counted}, perhaps more` : counted;
  if (found > 0 || share < 1 || failed === 0) return `${place}${progress}`;
  return `No step matches. ${failed} had no value: ${why ?? ''}`;
}

function matchesText({ found, byRun = [] }: SearchState): string {
  const [upper = 0, lower = 0] = byRun;
  if (byRun.length < 2 || found === 0) return `${found} match${found === 1 ? '' : 'es'}`;
  return upper === lower ? `${upper} in each run` : `${upper} above, ${lower} below`;
}

/** How many events are picked for a shape, which has at most `most`. */
export function pickedText(count: number, most: number): string {
  if (count === 1) return '1 event picked: pick another with Shift';
  return `${count} events picked${count < most ? '' : ', the most that a shape can have'}`;
}

export function searchFault({ message }: NonNullable<SearchAnswer['fault']>): string {
  return `This condition cannot be read: ${message}`;
}

export function differenceLabel(step: number): string {
  return step === 0 ? 'different from the start' : `first difference: step ${step}`;
}

/** What the upper and the lower run do differently. */
export function differenceSentence(step: number, why: DifferenceReason): string {
  switch (why.type) {
    case 'none':
      return 'Both runs are the same.';
    case 'nodes':
      return 'The runs do not have the same nodes.';
    case 'length':
      return `The runs are the same until step ${step - 1}, where the ${
        why.shorter === 'first' ? 'upper' : 'lower'
      } one ends.`;
    case 'action':
      return `Step ${step} above: ${why.first}. Below: ${why.second}.`;
    case 'effects': {
      const verb = effectVerbs[why.kind];
      const [above, below] = [why.first, why.second].map((text) => text || 'nothing more');
      return `Step ${step}, ${why.action}, ${verb} above: ${above}. Below: ${below}.`;
    }
  }
}

const effectVerbs = {
  threw: 'throws',
  reported: 'reports',
  sent: 'sends',
  replied: 'replies',
  timers: 'sets timers',
} as const;

export function loadingText(read: number, steps: number): string {
  return `${Math.floor((100 * read) / Math.max(1, steps))} % of the run read`;
}

/** While the lower run is not there: the adapter may still be at it, or it could not be run. */
export function missingTwin(file: string): string {
  return `${file} appears below once it has run to its end. Choose it again after a restart.`;
}

/** An event, and how much of the run is before it, after it and concurrent. */
export function baseText(event: string, cone: ConeAnswer | undefined): string {
  return cone === undefined ? event : `${event} · ${coneSentence(cone)}`;
}

export function moreChanges(count: number): string {
  return `and ${count} more`;
}

/**
 * The picture in a sentence, for its text alternative and the title of the SVG file. `until` is the
 * last time; undefined if the axis has steps.
 */
export function pictureText(
  nodes: number,
  steps: number,
  until: number | undefined,
  current: number,
): string {
  const here = current < 0 ? '' : `, current step ${current}`;
  if (until === undefined) return `${nodes} nodes in the order of ${steps} steps${here}`;
  return `${nodes} nodes over ${timeText(until)}, ${steps} steps${here}`;
}
