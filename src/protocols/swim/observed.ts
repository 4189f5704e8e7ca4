/** Members of SWIM as invariants observe them. */
import type { Observed } from '../../protocol/types.ts';
import type { MemberState } from './state.ts';

export function isMember(node: Observed | undefined): node is Observed<MemberState> {
  return node !== undefined && node.role === 'member';
}
