/** Refuses code of a workspace that the user does not trust, before any of it is read. */
import { RequestRefusal } from './refusal.ts';

/** `trusted` is undefined if the client does not support trust: then starting it is consent. */
export function checkTrust(file: string, trusted: boolean | undefined): void {
  if (trusted === false) throw new RequestRefusal({ code: 'untrusted', file });
}
