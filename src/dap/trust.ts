/** Whether code of the workspace may run: the person who trusts it decides, not we. */
import { Refusal } from './refusal.ts';

/** `trusted` is unsaid by clients that know no such thing: who starts them, decides. */
export function checkTrust(file: string, trusted: boolean | undefined): void {
  if (trusted === false) throw new Refusal(untrustedCode(file), true);
}

export function untrustedCode(file: string): string {
  return (
    `${file} is code of this workspace, and the workspace is not trusted: it was not run. Trust ` +
    'the workspace if you know whose code it is. Scenarios of built-in protocols run no code.'
  );
}
