/**
 * Names of choices that are the same in all worlds with one fingerprint: a message is named by what
 * it says, and not by its ordinal.
 */
import type { Action, MessageName } from '../../../kernel/action.ts';
import { contentText } from '../../../kernel/data/plain.ts';
import { messageOf } from '../../../kernel/network/in-flight.ts';
import type { Message } from '../../../kernel/pending.ts';
import type { World } from '../../../kernel/world.ts';
import { bySending, type Choice, invokedIn } from '../../choices.ts';
import { untimedMessage } from '../../fingerprint/parts.ts';
import { Interner } from '../../interning.ts';

export class ChoiceNames {
  private readonly names = new Interner();
  private readonly messages = new WeakMap<Message, number>();

  get bytes(): number {
    return this.names.bytes;
  }

  /** Of two choices of a world with one name, both lead to worlds with one fingerprint. */
  of(world: World, { actions }: Choice): number {
    return this.names.of(this.text(world, actions.at(-1)!));
  }

  /** Names one outcome of a choice: the choice, and the numbers that are drawn in it. */
  ofOutcome(choice: number, draws: readonly number[]): number {
    return draws.length === 0 ? choice : this.names.of(`${choice} draws ${draws.join(' ')}`);
  }

  private text(world: World, action: Action): string {
    if (action.step !== undefined) return otherText(action);
    switch (action.type) {
      case 'deliver':
        return `deliver ${this.message(world, action)}`;
      case 'drop':
      case 'duplicate':
        // Equal messages of a link have different places in its order.
        return `${action.type} ${placeOf(world, action)} ${this.message(world, action)}`;
      case 'invoke':
        return `invoke ${invokedIn(world)}`;
      default:
        return otherText(action);
    }
  }

  private message(world: World, name: MessageName): number {
    const message = messageOf(world, name)!;
    let number = this.messages.get(message);
    if (number === undefined) {
      number = this.names.of(`message ${untimedMessage(message)}`);
      this.messages.set(message, number);
    }
    return number;
  }
}

function otherText(action: Action): string {
  return contentText({ ...action, at: 0 });
}

/** How many messages were sent before it on its link and are in flight. */
function placeOf({ queue }: World, { from, to, ordinal, copy }: MessageName): number {
  return queue.items
    .filter((one) => one.type === 'deliver' && one.from === from && one.to === to)
    .sort(bySending)
    .findIndex((one) => one.type === 'deliver' && one.ordinal === ordinal && one.copy === copy);
}
