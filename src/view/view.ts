/** The place of a session → all that the panels draw of it. */
import { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { Entered } from '../session/entry.ts';
import type { Session } from '../session/session.ts';
import type { StopReason } from '../session/stop.ts';
import { clusterView } from './cluster.ts';
import type { ClusterView, Moment, SequenceView, View } from './contract.ts';
import { SequenceItems, sequenceView } from './sequence.ts';
import { actionSentence, commandText, stepSentence } from './words.ts';
import { timeText } from '../kernel/text/duration.ts';

/** How many actions back the window of the sequence is looked for. */
const stretch = 150;

export function viewOf(session: Session): View {
  const cluster = clusterOf(session);
  return { moment: momentOf(session), cluster, sequence: sequenceOf(session) };
}

/** Inside of a handler, the cluster as it is at that line. */
function clusterOf({ step, entered, inside, world, simulation }: Session): ClusterView {
  if (inside) {
    return clusterView(inside.moment, entered?.type === 'start' ? null : world, inside.effects);
  }
  const { before, after, effects } = simulation.explain(step);
  return step === 0 ? clusterView(after, null, null) : clusterView(after, before, effects);
}

function momentOf(session: Session): Moment {
  const { branch, step, stop, script, entered, inside } = session;
  const { action, effects } = session.explain(step);
  const { title, file } = script.scenario;
  const world = inside?.moment ?? session.world;
  const done =
    action === null ? startSentence(effects) : stepSentence(action, effects, session.world);
  return {
    title,
    scenario: file.split(/[\\/]/).at(-1)!,
    step,
    steps: branch.run.length,
    time: world.time,
    timeText: timeText(world.time),
    action: action === null ? 'start' : commandText(action, session.world),
    summary: entered === null ? done : enteredSentence(entered, session.world, inside),
    // That a step ends where it ends needs no reason.
    reason: reasonText(stop.reason),
    branch: branch.number === 0 ? '' : `branch ${branch.number}`,
  };
}

/** Empty if the user asked for just this stop. */
function reasonText(reason: StopReason): string {
  switch (reason.type) {
    case 'step':
    case 'step back':
      return '';
    case 'event':
    case 'handler':
      return `${reason.name} at ${reason.node}`;
    case 'violated':
      return reason.why;
    case 'thrown':
      return `${reason.node} threw: ${reason.message}`;
    case 'taken':
      return reason.action;
    case 'scenario step':
      return reason.text ?? 'the end';
    case 'line':
      return `${reason.file}:${reason.line}${reason.node ? ` at ${reason.node}` : ''}`;
    case 'data':
      return `${reason.node}.state.${reason.path.join('.')} changed`;
    case 'start':
      return 'the start';
    case 'end':
      return 'the end of the run';
    case 'answered':
      return `${reason.operation} is answered`;
    case 'endless':
      return `${reason.action} does not end`;
    case 'internal error':
      return reason.message;
    default:
      return reason.type;
  }
}

function enteredSentence(entered: Entered, world: World, inside: object | undefined): string {
  if (entered.type === 'start') return 'Inside: the nodes boot';
  return `${inside ? 'Inside' : 'Next'}: ${actionSentence(entered, null, world)}`;
}

function startSentence({ failure }: Effects): string {
  if (failure === null) return 'All nodes have booted';
  return `${failure.node} threw as it booted: ${failure.message}`;
}

function sequenceOf(session: Session): SequenceView {
  const { step, inside, entered, branch } = session;
  const { run } = branch;
  const from = Math.max(0, step - stretch);
  const world: World = run.at(from);
  const items = new SequenceItems(world);
  const effects = new Effects();
  const isStart = entered?.type === 'start';
  if (from === 0 && !isStart) items.note(0, null, session.explain(0).effects);
  run.replay(world, step, effects, (action) => items.note(world.step, action, effects));
  if (!inside || entered === null) return sequenceView(world, items.finish(step));
  const number = isStart ? 0 : step + 1;
  items.note(number, isStart ? null : entered, inside.effects);
  return sequenceView(inside.moment, items.finish(number, inside.moment));
}
