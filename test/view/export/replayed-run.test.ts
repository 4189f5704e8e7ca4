/** A branch with a person's actions is exported, and runs again in a page as it was. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { codeOfProtocol } from '../../../src/code/built-in-sources.ts';
import { library } from '../../../src/protocols/library.ts';
import { parseScenario } from '../../../src/scenario/parse/parse.ts';
import { Playback } from '../../../src/session/playback.ts';
import { untilBreakpoint } from '../../../src/session/pursuit.ts';
import { scriptOf } from '../../../src/session/script.ts';
import { Session } from '../../../src/session/session.ts';
import { type RecordedRun, RunRecorder } from '../../../src/view/export/recorded-run.ts';
import { ReplayedRun } from '../../../src/view/export/replayed-run.ts';
import { viewsOf } from '../../../src/view/panel-sources.ts';

const file = path.resolve(
  import.meta.dirname, '../../../samples/raft/replicate-one-write.scenario.yaml',
);
const scenario = readFileSync(file, 'utf8');

function newSession(): Session {
  const parsed = parseScenario(scenario, file, library, { settings: { network: { loss: '2%' } } });
  const code = codeOfProtocol(parsed.scenario!.protocol);
  return new Session(scriptOf(parsed.scenario!, code), code);
}

function take(session: Session, command: string): void {
  const typed = session.script.command(session.world, command);
  if (typed.type !== 'actions') throw new Error(`not possible: ${command}`);
  for (const action of typed.actions) session.take(action);
}

/** Stops, goes back, crashes the leader in place of what happened, and goes on. */
function withChoices(): Session {
  const session = newSession();
  session.run(untilBreakpoint);
  session.goto(14);
  take(session, 'crash n1');
  take(session, 'cut n2 -> n3');
  session.run(untilBreakpoint);
  return session;
}

function exported(session: Session): RecordedRun {
  const settings = { network: { loss: '2%' } };
  const span = { first: 0, last: session.length };
  const recorder = new RunRecorder(new Playback(session, 0), { scenario, settings, span });
  for (;;) {
    const run = recorder.advance(7);
    if (run !== undefined) return JSON.parse(JSON.stringify(run)) as RecordedRun;
  }
}

function replayed(run: RecordedRun): ReplayedRun {
  const made = new ReplayedRun(run);
  while (!made.advance(10)) expect(made.progress).toBeLessThan(1);
  return made;
}

/** Without what names a branch or a source: a file has one branch, and sources of its own. */
function plain(views: object): unknown {
  return JSON.parse(JSON.stringify(views), (name, value: unknown) => {
    const isOfSession = ['key', 'branch', 'branches', 'title', 'twin', 'stop', 'span', 'shared'];
    return isOfSession.includes(name) ? undefined : value;
  });
}

describe('an exported branch', () => {
  test('has only the actions that did not happen by themselves', () => {
    const run = exported(withChoices());
    const ofPerson = run.choices.map(({ step, action }) => [step, action.type]);
    expect(ofPerson).toEqual([[15, 'crash'], [16, 'cut']]);
    expect(run.about.branch).toBe(1);
    const whole = newSession();
    whole.run(untilBreakpoint);
    expect(exported(whole).choices).toEqual([]);
  });

  test('runs again, and each panel draws what it drew', () => {
    const session = withChoices();
    const run = exported(session);
    const again = replayed(run);
    expect(again.isSame).toBe(true);
    const { panels, last } = run.about;
    for (const step of [0, 13, 15, 16, Math.floor(last / 2), last]) {
      session.goto(step);
      const { time, action } = again.goTo(step);
      expect([time, action.sentence]).toEqual([session.world.time, action.sentence]);
      expect(plain(again.views(panels)), `step ${step}`).toEqual(plain(viewsOf(session, panels)));
    }
  });

  test('is another run if an action is missing, which is noticed', () => {
    const run = exported(withChoices());
    const without = { ...run, choices: run.choices.slice(0, 1) };
    expect(() => replayed(without).isSame || 'differs').not.toThrow();
    expect(replayed(without).isSame).toBe(false);
  });

  test('answers what panels ask, and takes what they select', () => {
    const run = exported(withChoices());
    const again = replayed(run);
    again.goTo(20);
    const { lanes } = again.views(['spacetime']).spacetime!;
    const question = { type: 'search', lane: lanes[0]!.key, condition: 'state.currentTerm > 1', from: 0, most: 512 };
    const { answer } = again.answer('spacetime', question) as { answer: { steps: number[] } };
    expect(answer.steps.length).toBeGreaterThan(0);
    expect(again.answer('spacetime', { type: 'nonsense' })).toBeUndefined();
    expect(again.select('logs', { type: 'from', index: 1, count: 1 })).toBe(true);
    expect(again.views(['logs']).logs).toMatchObject({ from: 1, to: 1 });
  });

  test('knows where each step of the scenario began', () => {
    const session = withChoices();
    const { story, about } = exported(session);
    expect(story[0]).toBe(0);
    expect(story).toEqual([...story].sort((one, other) => one - other));
    for (const [index, step] of story.entries()) {
      session.goto(step);
      expect(session.scenarioStep(step + 1), `step ${index}`).toBeGreaterThanOrEqual(index);
    }
    expect(Math.max(...story)).toBeLessThanOrEqual(about.last);
  });
});
