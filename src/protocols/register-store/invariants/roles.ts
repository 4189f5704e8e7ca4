/** The roles of the store, as its invariants see them. */
import { invariant } from '../../../protocol/define.ts';
import type { Client, Server } from '../data/state.ts';

export interface Roles {
  server: Server;
  client: Client;
}

/** Declares an invariant of the store. */
export const ofStore = invariant<Roles>();
