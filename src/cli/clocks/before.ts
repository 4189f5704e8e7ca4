/** `lockstep before FILE A B`: runs a scenario, and says which of two events happened first. */
import { Simulation } from '../../session/simulation.ts';
import { scriptOf } from '../../session/script.ts';
import { BeforeQuestion, type BeforeResult } from '../../session/causality/before-question.ts';
import { beforeText, pointProblemText } from '../../kernel/text/causality-text.ts';
import { actionsMaxDefault } from '../../check/simulate.ts';
import type { World } from '../../kernel/world.ts';
import { inTime, sliceOf } from '../../dap/process/run-limit.ts';
import { beforeObject } from './before-object.ts';
import { loadToRun } from '../load.ts';
import { readSeed, refuse, type Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';

export async function before(files: string[], values: Values, terminal: Terminal): Promise<number> {
  if (files.length !== 3) {
    const form = '`lockstep before FILE n1:TermChanged n2:LeaderElected`, or two steps';
    return refuse(`before needs a file and two events: ${form}`, terminal);
  }
  const [file, one, other] = files;
  const seed = readSeed(values);
  if ('problem' in seed) return refuse(seed.problem, terminal);
  const loaded = await loadToRun(file, terminal, values, seed);
  if (loaded === undefined) return 2;
  const { scenario } = loaded;
  const script = scriptOf(scenario, scenario);
  const simulation = new Simulation(script);
  const slice = sliceOf(loaded.code !== undefined);
  const all = answering(simulation, slice, () => {
    return new BeforeQuestion(simulation, script, [one, other], simulation.length);
  });
  const slices = loaded.code ? inTime(scenario.file, all) : all;
  for (;;) {
    const next = slices.next();
    if (!next.done) continue;
    const result = next.value;
    if (result.type === 'problem') return refuse(pointProblemText(result.problem), terminal);
    const { nodes } = simulation.branch.run;
    const isJson = values.json === true;
    const text = isJson ? JSON.stringify(beforeObject(result, nodes)) : beforeText(result, nodes);
    await terminal.out(`${text}\n`);
    return 0;
  }
}

/** Runs a simulation to its end, and then searches the events. */
function* answering(
  simulation: Simulation,
  slice: number,
  question: () => BeforeQuestion,
): Generator<World, BeforeResult> {
  while (simulation.length < actionsMaxDefault && simulation.next().type === 'moved') {
    if (simulation.length % slice === 0) yield simulation.world;
  }
  const asked = question();
  for (;;) {
    const answer = asked.advance(slice);
    if (answer !== undefined) return answer;
    yield simulation.world;
  }
}
