/** Networks that differ in their cuts: each has a number. */
import type { Action } from '../../../kernel/action.ts';
import { isOwn, type Message } from '../../../kernel/pending.ts';
import { step } from '../../../kernel/step.ts';
import type { World } from '../../../kernel/world.ts';
import { choicesAt, type Setting } from '../../choices.ts';
import { untimedNetwork } from '../../fingerprint/parts.ts';
import { Interner } from '../../interning.ts';
import { contentText } from '../../../kernel/data/plain.ts';

type Network = World['network'];

export class Networks {
  private readonly texts = new Interner();
  private readonly all: Network[] = [];
  /** By network: the one after each action, by its text. */
  private readonly known = new Map<string, number>();
  /** The partitions that the budget of faults allows in a network that is whole. */
  readonly partitions: readonly Action[];

  constructor(
    private readonly world: World,
    setting: Setting,
  ) {
    this.numberOf(world.network);
    const left = { crashes: 0, drops: 0, duplicates: 0, partitions: 1 };
    const { scenario: _, ...rest } = setting;
    const choices = setting.faults.partitions > 0
      ? choicesAt(showingOne(world), left, { ...rest, faults: left })
      : [];
    this.partitions = choices.flatMap(({ actions: [action] }) => {
      return action.type === 'partition' ? [action] : [];
    });
  }

  high(network: number): number {
    return this.texts.high(network);
  }

  low(network: number): number {
    return this.texts.low(network);
  }

  /** A network with its number. */
  at(network: number): Network {
    return this.all[network];
  }

  isCut(network: number): boolean {
    return this.all[network].isCut;
  }

  /** Whether a message from one node to another is lost. */
  loses(network: number, message: Message): boolean {
    if (network === 0 || isOwn(message)) return false;
    const { fromIndex, toIndex } = message;
    return this.all[network].cut[fromIndex * this.world.nodes.length + toIndex] === 1;
  }

  after(network: number, action: Action): number {
    const text = `${network} ${contentText(action)}`;
    let number = this.known.get(text);
    if (number === undefined) {
      const world = this.world.fork([]);
      world.network = this.all[network];
      step(world, action);
      this.known.set(text, (number = this.numberOf(world.network)));
    }
    return number;
  }

  private numberOf(network: Network): number {
    const number = this.texts.of(`network ${untimedNetwork(network, () => true)}`);
    if (number === this.all.length) this.all.push(network);
    return number;
  }
}

/** A world in which nothing is pending, so that its only choices are faults. */
function showingOne(world: World): World {
  const shown = world.fork([]);
  shown.queue.items.length = 0;
  return shown;
}
