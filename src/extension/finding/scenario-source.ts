// Searches from the start of a scenario, without a session; a finding begins one.
import * as vscode from 'vscode';
import type {
  Finder, FindJob, FindReport, FindResult, FindStatus, FindTargets, SavedText, Search,
} from '../../dap/find/finder.ts';
import type { FindRequest } from '../../explore/find/request.ts';
import { reading } from '../inline-terminal.ts';
import { configurationFor } from '../launch/configuration.ts';
import { programOf, readText } from '../scenario-files.ts';
import { finding as words } from './words.ts';
import type { About } from './ask-settings.ts';
import type { Opening, Searched, Source } from './source.ts';

type Files = Omit<FindJob, 'task'>;

export class ScenarioSource implements Source {
  private files: Promise<Files> | undefined;
  /** What checks conditions, as long as the user types some. */
  private checks: Checks | undefined;
  private isAsked = true;

  constructor(
    readonly scenario: vscode.Uri,
    private readonly finder: Finder,
  ) {}

  async about(): Promise<About> {
    let targets: FindTargets | undefined;
    let why: string = words.endedEarly;
    const job: FindJob = { ...(await this.job()), task: { type: 'describe' } };
    const search = this.finder(job, (report) => {
      if (report.type === 'described') targets = report;
      if (report.type === 'refused') why = report.text;
    });
    await search.done;
    if (targets === undefined) throw new Error(why);
    return { ...(targets as FindTargets), conditionProblem: (typed) => this.problemOf(typed) };
  }

  private async problemOf(condition: string): Promise<string | undefined> {
    const job: FindJob = { ...(await this.job()), task: { type: 'check' } };
    // A check that begins after the dialogs have ended would never be ended.
    if (!this.isAsked) return undefined;
    const { search, waiting } = (this.checks ??= this.beginChecks(job));
    return new Promise((resolve) => {
      waiting.push(resolve);
      search.check!(condition);
    });
  }

  /** One job reads the scenario, and checks each condition. */
  private beginChecks(job: FindJob): Checks {
    const waiting: Checks['waiting'] = [];
    const search = this.finder(job, (report) => {
      if (report.type === 'checked') waiting.shift()?.(report.problem);
    });
    const checks = { search, waiting };
    const ended = () => {
      if (this.checks === checks) this.checks = undefined;
      for (const settle of waiting.splice(0)) settle(words.endedEarly);
    };
    search.done.then(ended, ended);
    return checks;
  }

  again(): Source {
    return this;
  }

  endAsking(): void {
    this.isAsked = false;
    this.checks?.search.end();
  }

  async search(
    request: FindRequest,
    reportTo: (status: FindStatus) => void,
    token: vscode.CancellationToken,
  ): Promise<Searched | undefined> {
    const job: FindJob = { ...(await this.job()), task: { type: 'find', request } };
    // The next search from here reads what the files have by then.
    this.files = undefined;
    const { result, saved } = await new Promise<Found>((resolve, reject) => {
      let keep: (saved: SavedText) => void = () => undefined;
      const kept = new Promise<SavedText>((settle) => (keep = settle));
      const search = this.finder(job, (report: FindReport) => {
        if (report.type === 'progress') reportTo(report);
        if (report.type === 'found') resolve({ result: report.result, saved: kept });
        if (report.type === 'saved') keep(report.saved);
        if (report.type === 'refused') reject(new Error(report.text));
      });
      token.onCancellationRequested(() => {
        if (!search.cancel()) resolve({ result: undefined, saved: kept });
      });
      // Without effect after a result.
      search.done.then(() => resolve({ result: undefined, saved: kept }), reject);
    });
    if (result === undefined) return undefined;
    const { finding, ...rest } = result;
    return { ...rest, ...(finding && { finding: this.opening(finding, saved) }) };
  }

  private opening(
    { actions, promise, ends }: NonNullable<FindResult['finding']>,
    saved: Promise<SavedText>,
  ): Opening {
    return {
      isHere: true,
      saved: () => saved,
      open: async () => {
        const folder = vscode.workspace.getWorkspaceFolder(this.scenario);
        const configuration = configurationFor(this.scenario);
        const finding = { actions, promise, ends };
        await vscode.debug.startDebugging(folder, { ...configuration, finding });
      },
    };
  }

  private job(): Promise<Files> {
    return (this.files ??= filesOf(this.scenario));
  }
}

interface Checks {
  readonly search: Search;
  /** Called with what is wrong with a condition, in the order in which they were typed. */
  readonly waiting: ((problem: string | undefined) => void)[];
}

interface Found {
  readonly result: FindResult | undefined;
  readonly saved: Promise<SavedText>;
}

async function filesOf(scenario: vscode.Uri): Promise<Files> {
  const { protocolReference, locate, gather } = await import('../engine.ts');
  const program = programOf(scenario);
  const text = await readText(scenario);
  const files: Files = { program, text, settings: {}, actions: [] };
  const reference = protocolReference(text);
  if (reference === undefined) return files;
  const folder = vscode.workspace.getWorkspaceFolder(scenario);
  const texts = new Map<string, string>();
  const entry = await reading(locate(program, reference.path), texts, folder);
  const sources = [...(await reading(gather(entry), texts, folder))];
  const own = sources.filter(([name]) => name === entry.file);
  const others = sources.filter(([name]) => name !== entry.file);
  return { ...files, own: { files: [...own, ...others] } };
}
