// How commands of the editor say why they did not do what they should.
import * as vscode from 'vscode';
import { plainText } from './plain-text.ts';

/** Shows why a command does nothing, or no more. */
export function refuse(message: string): undefined {
  void vscode.window.showErrorMessage(plainText(message));
  return undefined;
}

/** What was thrown, in its own words. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
