/** The error that a refusal throws at the line of the handler. Its type survives in the failure. */
import { refusalText } from '../text/refusal-text.ts';
import type { Refusal } from './refusal.ts';

export class HandlerRefusal extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusalText(refusal));
  }
}

export function refuse(refusal: Refusal): never {
  throw new HandlerRefusal(refusal);
}
