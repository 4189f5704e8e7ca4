/** `lockstep explore FILE`: looks for a run of a scenario that breaks a promise. */
import { exploreScenario, type Request } from '../../explore/search/explore.ts';
import type { Exploration } from '../../explore/verdict.ts';
import { unitsOf } from '../../kernel/wording.ts';
import { writeFile } from '../files.ts';
import { type Loaded, loadToRun } from '../load.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { refuse, type Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';
import { type Found, foundBySearch, foundByWalk } from './found.ts';
import { exploreJunit } from './junit.ts';
import { nearestText, nearestTo } from './nearest.ts';
import { readOptions, type WalkRequest } from './request.ts';
import { type Saved, saveFinding } from './save.ts';
import { traceLines } from './trace-lines.ts';
import { walkedScenario } from './walk.ts';
import { type Answer, savedText, verdictJson, verdictText } from './words.ts';

const exitCodes: Readonly<Record<Exploration['type'], number>> = {
  holds: 0, violated: 1, unknown: 3,
};

type Runnable = Loaded & { readonly scenario: Scenario };

/** What was found out, and the violation, if there is one. */
interface Explored {
  readonly answer: Answer;
  readonly found?: Found;
}

export async function explore(
  files: string[],
  values: Values,
  terminal: Terminal,
): Promise<number> {
  if (files.length !== 1) {
    return refuse('explore needs one file: `lockstep explore FILE`', terminal);
  }
  const writing = (['save', 'junit'] as const).find((option) => values[option] !== undefined);
  if (writing !== undefined && terminal.write === undefined) {
    return refuse(`--${writing}: files cannot be written here`, terminal);
  }
  if (values.save === '') return refuse('--save needs a folder', terminal);
  const [file] = files;
  const loaded = await loadToRun(file, terminal, values, {});
  if (loaded === undefined) return 2;
  const asked = readOptions(values, loaded.scenario, terminal);
  if ('problem' in asked) return refuse(asked.problem, terminal);
  const { answer, found } = asked.type === 'walk'
    ? await byWalk(loaded, asked.request, { file, values, terminal })
    : bySearch(loaded, asked.request);
  const saved = found && typeof values.save === 'string'
    ? saveFinding(found, { file, folder: values.save, loaded, values, terminal })
    : undefined;
  const steps = found && traceLines(loaded.scenario, found);
  const nearest = found && values.nearest === true
    ? await nearestTo(loaded, found, terminal)
    : undefined;
  const units = unitsOf(loaded.scenario.protocol);
  if (values.json === true) {
    const more = { ...(steps && { steps }), ...saved, ...nearest };
    await terminal.out(`${verdictJson(file, answer, more)}\n`);
  } else {
    await terminal.out((steps ?? []).map((line) => `${line}\n`).join(''));
    await terminal.out(verdictText(answer, units));
    if (nearest !== undefined) await terminal.out(nearestText(nearest));
  }
  await tell(saved, values, terminal);
  if (typeof values.junit === 'string') {
    const text = () => exploreJunit(file, answer, { steps: steps ?? [], units });
    if (!(await writeFile(values.junit, text, terminal))) return 2;
  }
  return exitCodes[answer.verdict.type];
}

async function tell(
  saved: Saved | undefined,
  { json }: Values,
  terminal: Terminal,
): Promise<void> {
  if (saved === undefined) return;
  if ('notSaved' in saved) await terminal.error(`lockstep: not saved: ${saved.notSaved}\n`);
  else if (json !== true) await terminal.out(savedText(saved));
}

function bySearch({ scenario }: Runnable, request: Request): Explored {
  const verdict = exploreScenario(scenario, request);
  const answer: Answer = { kind: 'search', mode: request.mode, verdict };
  if (verdict.type !== 'violated') return { answer };
  return { answer, found: foundBySearch(scenario, verdict) };
}

async function byWalk(
  loaded: Runnable,
  request: WalkRequest,
  { file, values: { root }, terminal }: { file: string; values: Values; terminal: Terminal },
): Promise<Explored> {
  const place = { file, ...(typeof root === 'string' && { root }) };
  const { verdict, finding, shrunk } = await walkedScenario(loaded, request, place, terminal);
  const answer: Answer = { kind: 'walk', mode: request.strategy.type, verdict };
  if (finding === undefined) return { answer };
  return { answer, found: foundByWalk(loaded.scenario, finding, shrunk) };
}
