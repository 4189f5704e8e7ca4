/** The place of a session → all that the panels draw of it. */
import { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { Entered } from '../session/entry.ts';
import type { Session } from '../session/session.ts';
import { clusterView } from './cluster.ts';
import type { Moment, SequenceView, View } from './contract.ts';
import { SequenceItems, sequenceView } from './sequence.ts';
import { actionSentence, commandText, stepSentence, timeText } from './words.ts';

/** How many actions back the window of the sequence is looked for. */
const stretch = 150;

export function viewOf(session: Session): View {
  const number = session.step;
  const { before, after, effects } = session.explanations.of(session.branch.run, number);
  const cluster =
    number === 0 ? clusterView(after, null, null) : clusterView(after, before, effects);
  return { moment: momentOf(session), cluster, sequence: sequenceOf(session, number) };
}

function momentOf(session: Session): Moment {
  const { branch, step, world, stop, script, entered } = session;
  const { action, effects } = session.explanations.of(branch.run, step);
  const { title, file } = script.scenario;
  const goesOn = entered !== null && entered.type !== 'start';
  const said =
    action === null ? startSentence(entered, effects) : stepSentence(action, effects, world);
  return {
    title,
    scenario: file.split(/[\\/]/).at(-1)!,
    step,
    steps: branch.run.length,
    time: world.time,
    timeText: timeText(world.time),
    action: action === null ? 'start' : commandText(action, world),
    summary: !goesOn ? said : `${said}. Next: ${actionSentence(entered, null, world)}`,
    reason: stop.text,
    branch: branch.number === 0 ? '' : `branch ${branch.number}`,
  };
}

function startSentence(entered: Entered | null, { failure }: Effects): string {
  if (entered?.type === 'start') return 'The nodes boot';
  if (failure === null) return 'All nodes have booted';
  return `${failure.node} threw as it booted: ${failure.message}`;
}

function sequenceOf({ branch: { run }, explanations }: Session, number: number): SequenceView {
  const from = Math.max(0, number - stretch);
  const world: World = run.at(from);
  const items = new SequenceItems(world);
  const effects = new Effects();
  if (from === 0) items.note(0, null, explanations.of(run, 0).effects);
  run.replay(world, number, effects, (action) => items.note(world.step, action, effects));
  return sequenceView(world, items.finish(number));
}
