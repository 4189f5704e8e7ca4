// Searches from the paused moment of a session: its adapter does it, in another thread.
import * as vscode from 'vscode';
import type { FindStatus, FindTargets, SavedText } from '../../dap/find/finder.ts';
import type { FindResponse, Moment } from '../../dap/requests/find.ts';
import type { FindRequest } from '../../explore/find/request.ts';
import type { ViewEvent } from '../../view/contract.ts';
import { reasonOf } from '../failures.ts';
import { findProgressEvent, findRequests, viewEvent } from '../names.ts';
import { uriOf } from '../scenario-files.ts';
import type { About } from './ask-settings.ts';
import type { Searched, Source } from './source.ts';

export class SessionSource implements Source {
  /** `start`: where it searches from; without it, where the session is. */
  constructor(
    private readonly session: vscode.DebugSession,
    private readonly start?: Moment,
  ) {}

  get isActive(): boolean {
    return vscode.debug.activeDebugSession?.id === this.session.id;
  }

  get scenario(): vscode.Uri {
    return uriOf(String(this.session.configuration.program), this.session.workspaceFolder);
  }

  async about(): Promise<About> {
    const targets = (await this.session.customRequest(findRequests.targets, {})) as FindTargets;
    const conditionProblem = async (condition: string) => {
      try {
        await this.session.customRequest(findRequests.targets, { condition });
        return undefined;
      } catch (error) {
        return reasonOf(error);
      }
    };
    return { ...targets, conditionProblem };
  }

  again({ from }: Searched): Source {
    return new SessionSource(this.session, from ?? this.start);
  }

  /** The session itself checks conditions. */
  endAsking(): void {}

  async search(
    request: FindRequest,
    report: (status: FindStatus) => void,
    token: vscode.CancellationToken,
  ): Promise<Searched | undefined> {
    const { session } = this;
    let moment: Moment | undefined;
    let isRunning = false;
    const listening = vscode.Disposable.from(
      vscode.debug.onDidReceiveDebugSessionCustomEvent(({ session: { id }, event, body }) => {
        if (id !== session.id) return;
        if (event === findProgressEvent) report(body as FindStatus);
        if (event !== viewEvent) return;
        const view = body as ViewEvent;
        if (view.type === 'stopped') ({ moment } = view);
        if (view.type !== 'failed') isRunning = view.type !== 'stopped';
      }),
      token.onCancellationRequested(() => {
        void session.customRequest(findRequests.cancel).then(undefined, () => undefined);
      }),
    );
    try {
      const { start } = this;
      const given = { ...request, ...(start && { from: start }), hasProgress: true };
      const found = (await session.customRequest(findRequests.find, given)) as FindResponse;
      const { finding, at, ...rest } = found;
      if (finding === undefined) return rest;
      const { from, number } = finding;
      // Without a stop since the search began, the session is where it was then.
      const { branch, step } = moment ?? at;
      const isHere = branch === from.branch && step === from.step && !isRunning;
      return {
        ...rest,
        finding: {
          isHere,
          open: async () => {
            await session.customRequest(findRequests.open, { finding: number });
          },
          saved: async () =>
            (await session.customRequest(findRequests.saved, { finding: number })) as SavedText,
        },
      };
    } catch (error) {
      if (token.isCancellationRequested) return undefined;
      throw error;
    } finally {
      listening.dispose();
    }
  }
}
