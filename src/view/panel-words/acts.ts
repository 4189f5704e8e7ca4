/** The words of the menus in the picture: what can be done to a node, timer, message or link. */
import type { NoEffect } from '../../kernel/seam/acts.ts';
import type { ActType, ActView, Thing } from '../act-view.ts';

/** `of`: the type of a message, and where it goes. */
export function menuTitle(
  { type, name }: Thing,
  of?: { readonly type: string; readonly from: string; readonly to: string },
): string {
  switch (type) {
    case 'node':
      return `Node ${name}`;
    case 'timer': {
      const [node] = name.split(' ', 1);
      return `Timer ${name.slice(node.length + 1)} of ${node}`;
    }
    case 'message':
      return of ? `${of.type} from ${of.from} to ${of.to} (${name})` : `Message ${name}`;
    case 'link':
      return `Link ${name.split(' ').join(' ↔ ')}`;
  }
}

/** Acts of one group stand together. */
export function groupOf(type: ActType): number {
  switch (type) {
    case 'deliver':
    case 'drop':
    case 'delay':
    case 'duplicate':
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
    case 'cut':
    case 'cut-both':
      return 0;
    case 'invoke':
      return 4;
    case 'fire':
    case 'heal':
    case 'heal-both':
      return 1;
    case 'offset':
    case 'jump':
    case 'drift':
    case 'reset':
      return 2;
    default:
      return 3;
  }
}

export function actLabel({ type, on }: Pick<ActView, 'type' | 'on'>): string {
  switch (type) {
    case 'invoke':
      return `Invoke ${on}`;
    case 'deliver':
      return `Deliver ${on} now`;
    case 'drop':
      return `Drop ${on}`;
    case 'delay':
      return `Delay ${on}…`;
    case 'duplicate':
      return `Duplicate ${on}`;
    case 'fire':
      return `Fire timer ${on} now`;
    case 'crash':
      return `Crash ${on}`;
    case 'restart':
      return `Restart ${on}`;
    case 'pause':
      return `Pause ${on}`;
    case 'resume':
      return `Resume ${on}`;
    case 'offset':
      return `Set the clock of ${on}…`;
    case 'jump':
      return `Let the clock of ${on} jump…`;
    case 'drift':
      return `Change the rate of ${on}'s clock…`;
    default:
      return hostOrLinkLabel(type, on);
  }
}

function hostOrLinkLabel(type: ActType, on: string): string {
  switch (type) {
    case 'power-off':
      return `Power off the host of ${on}`;
    case 'unplug':
      return `Unplug the host of ${on}`;
    case 'plug-in':
      return `Plug in the host of ${on}`;
    case 'slow':
      return `Slow down the disk of ${on}…`;
    case 'stall':
      return `Stall the disk of ${on}`;
    case 'disk-ok':
      return `End the disk faults of ${on}`;
    case 'cut':
    case 'cut-both':
      return `Cut ${on}`;
    case 'heal':
    case 'heal-both':
      return `Heal ${on}`;
    default:
      return `Reset the connections ${on}`;
  }
}

/** What the user enters for an act that needs a value; empty for the others. */
export function valueLabel(type: ActType): string {
  switch (type) {
    case 'delay':
      return 'Delay by';
    case 'offset':
      return 'Offset from the true time';
    case 'jump':
      return 'Jump by';
    case 'drift':
      return 'Drift';
    case 'slow':
      return 'Time for each write';
    case 'invoke':
      return 'Arguments';
    default:
      return '';
  }
}

export function valueHint({ type, parameters = [] }: Pick<ActView, 'type' | 'parameters'>): string {
  switch (type) {
    case 'invoke':
      return `in this order: ${parameters.join(' ')}`;
    case 'delay':
    case 'slow':
      return 'a duration, such as 50ms or 2s';
    case 'offset':
    case 'jump':
      return 'a duration with a sign, such as +50ms or -1s';
    case 'drift':
      return 'a rate, such as +200ppm';
    default:
      return '';
  }
}

/** A link that is already as the act would leave it. */
export function noEffectText({ type, from, to }: NoEffect): string {
  return type === 'already cut' ? `${from} → ${to} is already cut` : `${from} → ${to} is not cut`;
}
