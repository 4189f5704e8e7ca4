/** The rules of the network now in force. Immutable, so that worlds may share it. */
import type { Micros } from '../../protocol/types.ts';
import type { NetworkRule } from '../action.ts';
import type { NetworkSetup, Plan } from '../plan.ts';

export interface LinkRule {
  latencyMin: Micros;
  latencyMax: Micros;
  delay: Micros;
  loss: number;
  duplicate: number;
  reorder: boolean;
}

/**
 * A message of a node to itself stays in its process, so it arrives at once, in order, whatever the
 * network does.
 */
const ownLink: LinkRule = Object.freeze({
  latencyMin: 0, latencyMax: 0, delay: 0, loss: 0, duplicate: 0, reorder: false,
});

export class Network {
  private constructor(
    private readonly size: number,
    /** The rule of each link, which is `from * size + to`. Links with equal rules may share one. */
    readonly links: readonly LinkRule[],
    /** 1 for a link on which nothing passes: it is cut, or a host at an end of it is lost. */
    readonly cut: Uint8Array,
    readonly isCut: boolean,
    /** 1 for a link that is cut itself. */
    private readonly severed: Uint8Array,
    /** 1 for a node whose host has no power, or is unplugged. */
    private readonly lost: Uint8Array,
    /** The rule for links of nodes that are added: what holds for all links. */
    readonly base: LinkRule,
  ) {}

  static of(plan: Plan, setup: NetworkSetup): Network {
    const rule: LinkRule = {
      latencyMin: setup.latency[0],
      latencyMax: setup.latency[1],
      delay: 0,
      loss: setup.loss,
      duplicate: setup.duplicate,
      reorder: setup.reorder,
    };
    const count = plan.size * plan.size;
    const links = new Array<LinkRule>(count).fill(rule);
    for (let node = 0; node < plan.size; node++) links[node * plan.size + node] = ownLink;
    const severed = new Uint8Array(count);
    return new Network(plan.size, links, severed, false, severed, new Uint8Array(plan.size), rule);
  }

  /** The network of one more node; no link of it is cut. */
  grown(size: number): Network {
    const links = new Array<LinkRule>(size * size).fill(this.base);
    const severed = new Uint8Array(size * size);
    for (let from = 0; from < this.size; from++) {
      for (let to = 0; to < this.size; to++) {
        links[from * size + to] = this.links[from * this.size + to];
        severed[from * size + to] = this.severed[from * this.size + to];
      }
    }
    links[size * size - 1] = ownLink;
    const lost = new Uint8Array(size);
    lost.set(this.lost);
    return Network.with(size, links, severed, lost, this.base);
  }

  /** Changes the links between different nodes only. */
  withRule(rule: NetworkRule, from: readonly number[], to: readonly number[]): Network {
    const links = this.links.slice();
    const made = new Map<LinkRule, LinkRule>();
    for (const a of from) {
      for (const b of to) {
        if (a === b) continue;
        const old = links[a * this.size + b];
        let changed = made.get(old);
        if (!changed) made.set(old, (changed = changedRule(old, rule)));
        links[a * this.size + b] = changed;
      }
    }
    const isForAll = rule.from === undefined && rule.to === undefined;
    const base = isForAll ? changedRule(this.base, rule) : this.base;
    return new Network(this.size, links, this.cut, this.isCut, this.severed, this.lost, base);
  }

  /** Cuts (1) or restores (0) the links between different nodes, from `from` to `to`. */
  withCut(from: readonly number[], to: readonly number[], value: 0 | 1): Network {
    const severed = this.severed.slice();
    for (const a of from) for (const b of to) if (a !== b) severed[a * this.size + b] = value;
    return Network.with(this.size, this.links, severed, this.lost, this.base);
  }

  /** Takes the host of a node off the network (1), or puts it back (0). */
  withHost(node: number, value: 0 | 1): Network {
    if (this.lost[node] === value) return this;
    const lost = this.lost.slice();
    lost[node] = value;
    return Network.with(this.size, this.links, this.severed, lost, this.base);
  }

  /** Whether the host of a node is off the network. */
  isLost(node: number): boolean {
    return this.lost[node] === 1;
  }

  /** Whether a link is cut itself, wherever its hosts are. */
  isSevered(from: number, to: number): boolean {
    return this.severed[from * this.size + to] === 1;
  }

  private static with(
    size: number,
    links: readonly LinkRule[],
    severed: Uint8Array,
    lost: Uint8Array,
    base: LinkRule,
  ): Network {
    const cut = severed.slice();
    for (let a = 0; a < size; a++) {
      if (lost[a] === 0) continue;
      for (let b = 0; b < size; b++) if (a !== b) cut[a * size + b] = cut[b * size + a] = 1;
    }
    return new Network(size, links, cut, cut.includes(1), severed, lost, base);
  }
}

function changedRule(old: LinkRule, rule: NetworkRule): LinkRule {
  return {
    latencyMin: rule.latency?.[0] ?? old.latencyMin,
    latencyMax: rule.latency?.[1] ?? old.latencyMax,
    delay: rule.delay ?? old.delay,
    loss: rule.loss ?? old.loss,
    duplicate: rule.duplicate ?? old.duplicate,
    reorder: rule.reorder ?? old.reorder,
  };
}
