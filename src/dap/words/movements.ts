/** Why the session did not move, in words. */
import type { Capabilities, NotMoved } from '../../kernel/seam/movement.ts';
import { actionText } from '../../kernel/text/action-text.ts';

const lacking: Readonly<Record<keyof Capabilities, string>> = {
  back: 'This session cannot go back to an earlier step',
  branches: 'This session can take only the action that comes next',
};

/** `name` is the action in words, `length` the number of steps of the run, if they are known. */
export function notMovedText(
  why: NotMoved,
  { name, length }: { readonly name?: string; readonly length?: number } = {},
): string {
  switch (why.type) {
    case 'no such step': {
      const known = length === undefined ? '' : `: this run has ${length}`;
      return `Step ${why.step} does not exist${known}`;
    }
    case 'no branch':
      return 'There is no branch to leave: this run did not part from another';
    case 'not possible':
      return `${name ?? actionText(why.action)} is not possible now`;
    case 'unsupported':
      return lacking[why.capability];
  }
}
