// `Lockstep: Find a Schedule That Breaks It…`: asks what to search for, searches, shows the result.
import * as vscode from 'vscode';
import type { Finder, FindStatus } from '../../dap/find/finder.ts';
import { reasonOf, refuse } from '../failures.ts';
import { isValid } from '../launch/faults.ts';
import { mayRun } from '../launch/trust.ts';
import { commands, debugType } from '../names.ts';
import { isScenario } from '../scenario-files.ts';
import { plainText } from '../plain-text.ts';
import { finding as words } from './words.ts';
import { askSettings } from './ask-settings.ts';
import { FoundFiles, type Saveable } from './found-files.ts';
import { ScenarioSource } from './scenario-source.ts';
import { SessionSource } from './session-source.ts';
import { type FindSettings, remember, remembered, requestOf } from './settings.ts';
import { showing } from './show-progress.ts';
import type { Opening, Searched, Source } from './source.ts';

/** The Testing view passes an item, other menus a file. */
type Clicked = vscode.Uri | { readonly uri?: vscode.Uri } | undefined;

export function registerFinding(
  context: vscode.ExtensionContext,
  finder: Finder,
): vscode.Disposable {
  const output = vscode.window.createOutputChannel(words.output);
  const files = new FoundFiles();
  const find = new Find(context, output, files);
  const register = vscode.commands.registerCommand;
  const given = (settings: unknown) => {
    // The Explorer passes all that is selected as a second argument.
    const isSettings = typeof settings === 'object' && settings !== null && 'mode' in settings;
    return isSettings ? (settings as FindSettings) : undefined;
  };
  return vscode.Disposable.from(
    output,
    register(commands.findSchedule, async (clicked: Clicked, settings?: unknown) => {
      const source = await sourceOf(clicked, finder);
      return source && find.from(source, given(settings));
    }),
    register(commands.findScheduleHere, (_clicked: unknown, settings?: unknown) => {
      const { activeDebugSession: session } = vscode.debug;
      if (session?.type !== debugType) return refuse(words.noSession);
      return find.from(new SessionSource(session), given(settings));
    }),
    register(commands.saveFinding, () => files.save()),
  );
}

/** With a session and a scenario open, the user says which of them. */
async function sourceOf(clicked: Clicked, finder: Finder): Promise<Source | undefined> {
  const uri = clicked instanceof vscode.Uri ? clicked : clicked?.uri;
  if (uri !== undefined) return ofScenario(uri, finder);
  const { activeDebugSession: session } = vscode.debug;
  const open = vscode.window.activeTextEditor?.document.uri;
  const scenario = open && isScenario(open) ? open : undefined;
  if (session?.type !== debugType) {
    return scenario === undefined ? refuse(words.nothingToSearch) : ofScenario(scenario, finder);
  }
  if (scenario === undefined) return new SessionSource(session);
  const fromSession = { label: words.ofSession };
  const fromScenario = { label: words.ofScenario(vscode.workspace.asRelativePath(scenario)) };
  const chosen = await vscode.window.showQuickPick([fromSession, fromScenario], {
    title: words.title,
  });
  if (chosen === undefined) return undefined;
  return chosen === fromSession ? new SessionSource(session) : ofScenario(scenario, finder);
}

async function ofScenario(uri: vscode.Uri, finder: Finder): Promise<Source | undefined> {
  if (!(await mayRun(uri))) return undefined;
  const open = vscode.workspace.textDocuments.find((one) => String(one.uri) === String(uri));
  if (open?.isDirty) await open.save();
  return (await isValid(uri)) ? new ScenarioSource(uri, finder) : undefined;
}

class Find {
  constructor(
    private readonly context: vscode.ExtensionContext,
    private readonly output: vscode.OutputChannel,
    private readonly files: FoundFiles,
  ) {}

  /** Without `given`, the user is asked. Returns the result; undefined if there is none. */
  async from(source: Source, given?: FindSettings): Promise<Searched | undefined> {
    try {
      const before = remembered(this.context, source.scenario);
      const settings = given ?? (await this.ask(source, before));
      if (settings === undefined) return undefined;
      if (given === undefined) await remember(this.context, source.scenario, settings);
      const request = requestOf(settings);
      const began = performance.now();
      let last: FindStatus | undefined;
      const searched = await showing((report, token) => source.search(request, (status) => {
        // How far shrinking is says nothing of what was searched.
        if (status.phase === 'searching' || status.phase === 'walking') last = status;
        report(status);
      }, token));
      if (searched === undefined) this.cancelled(source, last, performance.now() - began);
      else await this.show(source, searched, settings);
      return searched;
    } catch (error) {
      return refuse(words.failed(reasonOf(error)));
    }
  }

  private async ask(source: Source, before: FindSettings): Promise<FindSettings | undefined> {
    try {
      return await askSettings(before, await source.about());
    } finally {
      source.endAsking();
    }
  }

  /** What was searched is worth knowing: it may have taken hours. */
  private cancelled(source: Source, last: FindStatus | undefined, ms: number): void {
    const [count, depth] = [last?.count ?? 0, last?.depth ?? 0].map((one) => one.toLocaleString());
    const counted = last?.phase === 'walking' ? words.runs(count!) : words.states(count!);
    const seconds = (ms / 1_000).toFixed(1);
    const text = words.cancelled(counted, depth!, seconds);
    const name = vscode.workspace.asRelativePath(source.scenario);
    this.output.appendLine([name, text, ''].join('\n    '));
    // The console is that of the active session, which may be another one.
    if (source instanceof SessionSource && source.isActive) {
      vscode.debug.activeDebugConsole.appendLine(text);
    } else void this.tell('information', asSentence(text));
  }

  private async show(source: Source, searched: Searched, settings: FindSettings): Promise<void> {
    const { lines, brokenBefore, finding, outcome, notice } = searched;
    const before = brokenBefore.length === 0
      ? []
      : [words.brokenBefore(brokenBefore.join('; '))];
    const name = vscode.workspace.asRelativePath(source.scenario);
    this.output.appendLine([name, ...lines, ...before, ''].join('\n    '));
    const [verdict = ''] = lines;
    if (finding === undefined) {
      // How far it reaches is in the details: a notification is read in a glance.
      const [first] = lines.map(asSentence);
      const text = [first, notice?.text, ...before.map(asSentence)].filter(Boolean).join(' ');
      // What was not searched for must not look as if it held.
      const isGood = outcome === 'holds' && before.length === 0;
      const others = notice === undefined ? [] : [words.searchThere];
      const there = source.again(searched);
      // The search is over: its command does not wait for the user.
      void this.tell(isGood ? 'information' : 'warning', text, { others }).then((chosen) => {
        if (chosen !== words.searchThere || notice === undefined) return;
        const { time, faults } = notice;
        void this.from(there, { ...settings, time, faults });
      });
      return;
    }
    const saveable = this.files.found(source.scenario, finding);
    if (finding.isHere && (await this.open(finding))) {
      return void this.tell('warning', [words.found(verdict), ...before].join(' '), { saveable });
    }
    const text = [words.foundElsewhere(verdict), ...before].join(' ');
    const chosen = await this.tell('warning', text, { saveable, others: [words.open] });
    if (chosen === words.open) await this.open(finding);
  }

  /** A session that runs again cannot open it; what was found is told nevertheless. */
  private async open(finding: Opening): Promise<boolean> {
    try {
      await finding.open();
      return true;
    } catch (error) {
      refuse(words.notOpened(reasonOf(error)));
      return false;
    }
  }

  private async tell(
    kind: 'information' | 'warning',
    text: string,
    { saveable, others = [] }: {
      /** What the button saves: not a later finding. */
      readonly saveable?: Saveable;
      readonly others?: readonly string[];
    } = {},
  ): Promise<string | undefined> {
    const { showInformationMessage, showWarningMessage } = vscode.window;
    const show = kind === 'information' ? showInformationMessage : showWarningMessage;
    const buttons = [...others, ...(saveable ? [words.save] : []), words.details];
    const chosen = await show(plainText(text), ...buttons);
    if (chosen === words.details) this.output.show(true);
    if (chosen === words.save) await this.files.save(saveable);
    return chosen;
  }
}

/** A line of a verdict, which may begin with its mark, as a sentence. */
function asSentence(line: string): string {
  const text = line.replace(/^(\W*)(\w)/, (_, mark: string, letter: string) => {
    return mark + letter.toUpperCase();
  });
  return text.endsWith('.') ? text : `${text}.`;
}
