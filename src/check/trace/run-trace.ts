/** A recorded run as the text of a trace, in parts; and what its header holds of a protocol. */
import { codeOfProtocol } from '../../code/built-in-sources.ts';
import type { Action } from '../../kernel/action.ts';
import { digest, hash } from '../../kernel/compare/digest.ts';
import { contentText } from '../../kernel/data/plain.ts';
import { Effects } from '../../kernel/effects.ts';
import type { Pending } from '../../kernel/pending.ts';
import { asPending } from '../../kernel/run.ts';
import { start, step } from '../../kernel/step.ts';
import { traceLine } from '../../kernel/text/trace.ts';
import type { World } from '../../kernel/world.ts';
import type { Protocol } from '../../protocol/types.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { scenarioMonitors } from '../verdicts.ts';
import {
  digestGap, type Embedded, entryText, headerText, type TraceHeader, withPlainLineEnds,
} from './trace-format.ts';

/** How many steps are written between two yields. */
const partSteps = 256;

/** Yields how many steps are written. The run begins with the scenario of the header. */
export function* tracingRun(
  header: TraceHeader,
  scenario: Scenario,
  run: { readonly length: number; action(step: number): Action },
): Generator<number, string> {
  const effects = new Effects();
  const world = start(scenario.setup, scenarioMonitors(scenario), effects);
  const parts = [headerText(header), entryText('start', effects)];
  for (let number = 1; number <= run.length; number++) {
    const action = run.action(number);
    if (!step(world, asPending(world, action), effects)) {
      throw new Error(`step ${number} cannot be replayed: ${action.type}`);
    }
    parts.push(stepText(world, action, effects));
    if (number % partSteps === 0) yield number;
  }
  parts.push(endText(world));
  return parts.join('');
}

/** The action, what it caused, and in some steps a digest. */
export function stepText(world: World, action: Action | Pending, effects: Effects): string {
  const text = entryText(traceLine(recordedAction(world, action)), effects);
  return world.step % digestGap === 0 ? `${text}digest ${world.step} ${digest(world)}\n` : text;
}

export function endText(world: World): string {
  return `end ${world.step} ${digest(world)}\n`;
}

/** The files, named from the folder that holds all of them; the entry is the first. */
export function embeddedFiles(
  entry: string,
  texts: ReadonlyMap<string, string>,
): Embedded[] {
  const names = [entry, ...[...texts.keys()].filter((name) => name !== entry).sort()];
  const folders = names.map((name) => name.split('/').slice(0, -1));
  let depth = 0;
  while (folders.every((folder) => folder.length > depth && folder[depth] === folders[0][depth])) {
    depth++;
  }
  return names.map((name) => {
    const text = withPlainLineEnds(texts.get(name)!);
    return { name: name.split('/').slice(depth).join('/'), text };
  });
}

/** A hash of the file of a built-in protocol and of all the built-in files that it imports. */
export function sourceHash(protocol: Protocol): string {
  const known = hashes.get(protocol);
  if (known !== undefined) return known;
  const { files } = codeOfProtocol(protocol);
  const texts = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const made = hash(contentText(texts.map(([name, text]) => [name, withPlainLineEnds(text)])));
  hashes.set(protocol, made);
  return made;
}

const hashes = new WeakMap<Protocol, string>();

/** The action with the time at which it happened. */
export function recordedAction(world: World, action: Action | Pending): Action {
  if (action.type === 'postponed') return { ...action.action, at: world.time };
  return { ...(action as Action), at: world.time };
}
