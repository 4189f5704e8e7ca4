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
  /** The check of a condition as it was typed last. */
  private check: Search | undefined;

  constructor(
    readonly scenario: vscode.Uri,
    private readonly finder: Finder,
  ) {}

  async about(): Promise<About> {
    const targets = await this.described(undefined);
    if (typeof targets === 'string') throw new Error(targets);
    const conditionProblem = async (condition: string) => {
      const described = await this.described(condition);
      return typeof described === 'string' ? described : undefined;
    };
    return { ...targets, conditionProblem };
  }

  /** Or why it cannot be described. */
  private async described(condition: string | undefined): Promise<FindTargets | string> {
    const task = { type: 'describe', ...(condition !== undefined && { condition }) } as const;
    let result: FindTargets | string = words.endedEarly;
    const job = { ...(await this.job()), task };
    // Each check is a thread. Once another letter is typed, the check before it is of no use.
    if (condition !== undefined) this.check?.end();
    const search = this.finder(job, (report) => {
      if (report.type === 'described') result = report;
      if (report.type === 'refused') result = report.text;
    });
    if (condition !== undefined) this.check = search;
    await search.done;
    return result;
  }

  async search(
    request: FindRequest,
    reportTo: (status: FindStatus) => void,
    token: vscode.CancellationToken,
  ): Promise<Searched | undefined> {
    const job: FindJob = { ...(await this.job()), task: { type: 'find', request } };
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
