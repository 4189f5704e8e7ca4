/** The messages and events of gossip in words. */
import type { Frozen, Json, Summary } from '../../../protocol/types.ts';
import { commandWords } from '../../shared/command-words.ts';
import { dotText, vectorText } from '../data/dots.ts';
import type { Server } from '../data/state.ts';
import { type Cell, shownCell, type Update } from './cells.ts';

const cellsWords = (cells: Readonly<Record<string, Frozen<Cell>>>) => {
  const words = Object.entries(cells).map(([key, cell]) =>
    shown(key, cell.vector, shownCell(cell)));
  return words.join(', ') || 'nothing';
};

const shown = (key: string, vector: Readonly<Record<string, number>>, value: Json) =>
  `${key}=${commandWords(value)} of ${vectorText(vector)}`;

function updateWords(does: Frozen<Update>): string {
  switch (does.type) {
    case 'write':
      return `write ${commandWords(does.value)} over ${vectorText(does.context)}`;
    case 'increment':
      return `increment ${does.amount}`;
    default:
      return `${does.type} ${commandWords(does.value)}`;
  }
}

export const gossipSummary: Required<Summary<Server>> = {
  messages: {
    Gossip: ({ cells }) => cellsWords(cells),
    GossipBack: ({ cells }) => cellsWords(cells),
  },
  events: {
    Updated: ({ by, number, key, does, value }) =>
      `${key}: ${updateWords(does)} (${dotText({ by, number })}), now ${commandWords(value)}`,
    Merged: ({ key, from, vector, value }) => `${shown(key, vector, value)}, with ${from}`,
    SiblingsKept: ({ key, values }) => `${key}: ${commandWords(values)}`,
  },
};
