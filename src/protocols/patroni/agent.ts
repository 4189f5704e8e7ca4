/** The agent's requests to the lease store, and its sleep between two loops. */
import { request, type Unnumbered } from '../../protocol/patterns.ts';
import type { DcsRequest, MemberNode } from './state.ts';

/** A request is sent this often before `retryTimeout` is over. */
const attempts = 3;

export function ask(node: MemberNode, message: Unnumbered<DcsRequest>): void {
  const [store] = node.nodes('dcs');
  if (store === undefined) return sleep(node);
  const timeout = Math.floor(node.options.retryTimeout / attempts);
  request<DcsRequest>(node, store, message, { timeout, attempts });
}

/** The next loop begins `loopWait` after this one began. */
export function sleep(node: MemberNode): void {
  const { state, options: { loopWait } } = node;
  state.isLooping = false;
  const left = state.loopBegan + loopWait - node.now();
  node.setTimer('loop', Math.min(Math.max(left, 0), loopWait));
}

/** Something changed that the agent waits for: if it sleeps, its loop begins now. */
export function wake(node: MemberNode): void {
  if (!node.state.isLooping) node.setTimer('loop', 0);
}
