/** The messages and events of the store in words. */
import type { Summary } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import { commandWords } from '../shared/command-words.ts';
import type { Client, Server } from './state.ts';

export const clientSummary: Summary<Client> = {
  messages: {
    Request: ({ name, key, value }) =>
      commandWords(value === null ? { name, key } : { name, key, value }),
  },
  events: {
    Answered: ({ name, result, took }) => `${name}: ${commandWords(result)}, in ${asDuration(took)}`,
  },
};

export const serverSummary: Summary<Server> = {
  messages: { Reply: ({ result }) => commandWords(result), Refusal: ({ why }) => why },
};
