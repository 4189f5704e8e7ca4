/** How a server with causal replication is shown: its vector, and the writes that it holds back. */
import type { Json } from '../../../protocol/types.ts';
import { dotText, vectorText } from '../data/dots.ts';
import type { ServerState } from '../data/state.ts';

export function causalFacts({ applied, causal }: Readonly<ServerState>): Record<string, Json> {
  const waiting = causal?.waiting ?? [];
  return {
    applied: vectorText(applied),
    'held back': waiting.map((write) =>
      `${write.key}=${String(write.value)} (${dotText(write)}) until ${vectorText(write.after)}`),
  };
}
