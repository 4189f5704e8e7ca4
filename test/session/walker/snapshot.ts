/** What a session shows at one moment, as lines that can be compared. */
import { digest } from '../../../src/kernel/compare/digest.ts';
import { Evaluator } from '../../../src/session/read/evaluate.ts';
import { nodeName } from '../../../src/session/read/names.ts';
import { presentOf, scopesOf } from '../../../src/session/read/scopes.ts';
import { type Frame, framesOf } from '../../../src/session/read/stack.ts';
import type { Children } from '../../../src/session/read/variables.ts';
import type { Session } from '../../../src/session/session.ts';
import { momentOf } from '../../../src/view/moment.ts';
import { panelSources, viewsOf } from '../../../src/view/panel-sources.ts';
import type { PanelSource } from '../../../src/view/panel-source.ts';
import { type PanelName, panelNames } from '../../../src/view/panels.ts';
import type { SequenceView } from '../../../src/view/sequence/sequence-view.ts';
import {
  eventFields, messageFields, type StepsAnswer,
} from '../../../src/view/spacetime/spacetime-view.ts';

/** A part of what is shown: a thread with its variables, or a panel. */
export type Part =
  | { readonly thread: number | undefined }
  | { readonly panel: PanelName }
  | 'nothing';

/** The world, and of what is shown one part with the header of the panels and the thread names. */
export function snapshotOf(session: Session, part: Part): string[] {
  const worlds = [session.world, session.inside?.moment].map((one) => one && digest(one)).join();
  if (part === 'nothing') return [worlds];
  // How long the run is, and its branch, depend on the way.
  const { steps: _, branch: __, stop: ___, ...moment } = momentOf(session, { type: 'step' });
  return [
    worlds,
    `moment ${JSON.stringify(moment)}`,
    ...presentOf(session).nodes.map((node) => `thread ${nodeName(node)}`),
    ...('panel' in part ? panelLines(session, part.panel) : threadLines(session, part.thread)),
  ];
}

export function wholeSnapshotOf(session: Session): string[] {
  const threads = [undefined, ...session.world.nodes.keys()].map((thread) => ({ thread }));
  const panels = panelNames.map((panel) => ({ panel }));
  return [...threads, ...panels].flatMap((part) => snapshotOf(session, part));
}

function panelLines(session: Session, panel: PanelName): string[] {
  const reading = endingAtCursor(session);
  if (panel === 'spacetime') return spacetimeLines(reading);
  const view = viewsOf(reading, [panel])[panel]!;
  return linesOf(panel, panel === 'sequence' ? withoutBranch(view as SequenceView) : view);
}

/**
 * The session as if its branch ended at the cursor. Panels also draw what is recorded beyond it,
 * and how much that is depends on the way.
 */
function endingAtCursor(session: Session): Session {
  const length = { get: () => session.cursor.step };
  return Object.create(session, { length }) as Session;
}

function withoutBranch(view: SequenceView): object {
  const { branch: _, ...covered } = view.covered;
  return { ...view, covered };
}

/** Without the branches and their lengths, but with the columns up to the cursor. */
function spacetimeLines(reading: Session): string[] {
  const source = panelSources.spacetime();
  const { lanes: [own], branches: _, ...view } = source.view(reading, source.selection);
  const { key: lane, branch: __, title: ___, length: ____, ...lines } = own!;
  const most = lines.cursor + 1;
  const question = { type: 'steps', lane, from: 0, most, labels: 0 } as const;
  // What is in flight at the end of the branch has labels after those of the columns.
  const answer = source.answer(reading, question) as StepsAnswer;
  const { flying: _____, texts: all, ...columns } = answer;
  const messageLabels = answer.messages.filter((_number, at) => at % messageFields === 7);
  const eventLabels = answer.events.filter((_number, at) => at % eventFields === 2);
  const used = Math.max(...answer.labels, ...messageLabels, ...eventLabels);
  const texts = all.slice(0, used + 1);
  return linesOf('spacetime', { ...view, ...lines, ...columns, texts });
}

function linesOf(panel: PanelName, view: object): string[] {
  return Object.entries(view).map(([part, value]) => `${panel}.${part} ${JSON.stringify(value)}`);
}

/**
 * What the source of a panel shows that has seen the moments before this one, too. How long a lease
 * was is the longest time that it was seen to have left, so this alone depends on them.
 */
export function panelOf(session: Session, source: PanelSource<PanelName>): string[] {
  const view = source.view(session, source.selection);
  return Object.entries(view).map(([part, value]) => `${part} ${JSON.stringify(value, plain)}`);
}

/** A key of a lane is only a name for the questions about it. */
function plain(this: unknown, key: string, value: unknown): unknown {
  const { type, branch } = this as { type?: string; branch?: unknown };
  const isName = key === 'key' && branch !== undefined;
  return isName || (key === 'span' && type === 'lease') ? undefined : value;
}

const expressions = ['[time, nodes.map(n, n.state)]', 'event', 'message'];

/** How many frames of a thread are opened. */
const openedMost = 2;

function threadLines(session: Session, node: number | undefined): string[] {
  const frames = framesOf(session, node, 20);
  const lines = frames.map(frameText);
  const opened = frames.filter(({ label }) => label === undefined).slice(0, openedMost);
  for (const [index, frame] of opened.entries()) {
    for (const { name, children } of scopesOf(session, frame)) {
      if (name === 'Constants') continue;
      addRows(`frame ${index}, ${name}`, children, name === 'State' ? 2 : 1, lines);
    }
  }
  const evaluator = new Evaluator(session);
  for (const text of expressions) {
    const value = evaluator.evaluate(text, frames[0]);
    lines.push(`${text} = ${value.type === 'value' ? value.variable.value : value.problem.type}`);
  }
  return lines;
}

function frameText({ name, place, step, inside, node, label }: Frame): string {
  return JSON.stringify([name, place, step, inside, node, label]);
}

function addRows(path: string, children: Children, depth: number, lines: string[]): void {
  for (const { name, value, children: own } of children.list(0, 50)) {
    lines.push(`${path}.${name} = ${value}`);
    if (own && depth > 1) addRows(`${path}.${name}`, own, depth - 1, lines);
  }
}
