/** What is wrong with a node and its host, in words. */
import type { HostStatus, NodeStatus } from '../seam/moment.ts';

/** `paused`, `unplugged`; empty for a running node on the network. */
export function statusWords(node: { status: NodeStatus; host: HostStatus }): string[] {
  const { status, host } = node;
  if (host === 'off') return ['powered off'];
  const words: string[] = status === 'running' ? [] : [status];
  return host === 'unplugged' ? [...words, host] : words;
}
