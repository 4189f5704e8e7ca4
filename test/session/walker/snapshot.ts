/** What a session shows at one moment, as lines that can be compared. */
import { digest } from '../../../src/kernel/compare/digest.ts';
import { Evaluator } from '../../../src/session/read/evaluate.ts';
import { nodeName } from '../../../src/session/read/names.ts';
import { presentOf, scopesOf } from '../../../src/session/read/scopes.ts';
import { type Frame, framesOf } from '../../../src/session/read/stack.ts';
import type { Children } from '../../../src/session/read/variables.ts';
import type { Session } from '../../../src/session/session.ts';
import { momentOf } from '../../../src/view/moment.ts';
import { viewsOf } from '../../../src/view/panel-sources.ts';
import { type PanelName, panelNames } from '../../../src/view/panels.ts';

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
  const view = viewsOf(session, [panel])[panel]!;
  return Object.entries(view).map(([part, value]) => `${panel}.${part} ${JSON.stringify(value)}`);
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
