// `Lockstep: Break N Acknowledgements…` writes the scenario in which they are not enough.
import * as vscode from 'vscode';
import { reasonOf, refuse } from '../failures.ts';
import { readText, write } from '../scenario-files.ts';
import { errors, generals as words } from '../words.ts';
import { askFolder } from './ask-folder.ts';
import { differentIn, relative } from './own-files.ts';

/** Values that a caller of the command already knows; the user is asked only for the others. */
export interface BreakGenerals {
  /** A scenario of the two generals: the new one is written beside it. */
  readonly scenario?: vscode.Uri;
  readonly acknowledgements?: number;
}

/** Returns the scenario that was written; undefined if there is none. */
export async function breakGenerals(given: BreakGenerals = {}): Promise<vscode.Uri | undefined> {
  const { breakAgreement, brokenFileName, whyBroken } = await import('../engine.ts');
  const number = given.acknowledgements ?? (await askNumber(given.scenario));
  if (number === undefined) return undefined;
  const broken = breakAgreement(number);
  const folder = given.scenario
    ? vscode.Uri.joinPath(given.scenario, '..')
    : await askFolder(words.title, 'two-generals');
  if (!folder) return undefined;
  const name = brokenFileName(broken);
  const uri = vscode.Uri.joinPath(folder, name);
  const different = await differentIn(folder, new Map([[name, broken.scenario]]));
  if (different.length > 0) return refuse(errors.filesExist([relative(uri)]));
  try {
    await write(uri, broken.scenario);
  } catch (error) {
    const reason = reasonOf(error);
    return refuse(errors.notWritten(relative(uri), reason));
  }
  await vscode.window.showTextDocument(uri);
  void vscode.window.showInformationMessage(whyBroken(broken));
  return uri;
}

/** Proposes the number of the scenario. */
async function askNumber(scenario: vscode.Uri | undefined): Promise<number | undefined> {
  const { acknowledgementsLimits: { min, max } } = await import('../engine.ts');
  const text = scenario === undefined ? '' : await readText(scenario);
  const value = /\backnowledgements:\s*(\d+)/.exec(text)?.[1] ?? '1';
  const isFit = (typed: string) => {
    return /^\d+$/.test(typed) && Number(typed) >= min && Number(typed) <= max;
  };
  const typed = await vscode.window.showInputBox({
    title: words.title,
    prompt: words.prompt,
    value,
    validateInput: (one) => (isFit(one.trim()) ? undefined : words.outsideLimits(min, max)),
  });
  return typed === undefined ? undefined : Number(typed);
}
