/** The messages and events of causal replication in words. */
import type { Frozen, Summary } from '../../../protocol/types.ts';
import { commandWords } from '../../shared/command-words.ts';
import { dotText, vectorText } from '../data/dots.ts';
import type { Server } from '../data/state.ts';
import type { CausalWrite } from './causal-state.ts';

const writeWords = (write: Frozen<CausalWrite>) =>
  `${write.key}=${commandWords(write.value)} (${dotText(write)} after ${vectorText(write.after)})`;

export const causalSummary: Required<Summary<Server>> = {
  messages: {
    Propagate: ({ writes }) => writes.map(writeWords).join(', '),
    Applied: ({ vector }) => vectorText(vector),
  },
  events: {
    WriteAccepted: ({ write, client, after }) =>
      `${write} of ${client}, after ${vectorText(after)}`,
    WriteHeld: ({ write, key, after }) => `${key} (${write}), until ${vectorText(after)}`,
    WriteVisible: ({ write, key, value }) => `${key}=${commandWords(value)} (${write})`,
    WriteDiscarded: ({ write, key, value, kept }) =>
      `${key}=${commandWords(value)} (${write}), for ${commandWords(kept)}`,
  },
};
