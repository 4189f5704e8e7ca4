/**
 * Acts on the things in a picture: a click, the context menu, and keys on the one that has the
 * focus open a menu of commands. A thing is an element with `data-node`, `data-message`,
 * `data-link` or `data-timer`.
 */

import type { LitElement, ReactiveController } from 'lit';
import type { ActAnswer, ActView, Thing } from '../../src/view/act-view.ts';
import {
  actLabel, groupOf, menuTitle, valueHint, valueLabel,
} from '../../src/view/panel-words/acts.ts';
import { ask, post } from '../ui/host.ts';
import { closeMenu, openMenu } from '../ui/menu.ts';
import type { MenuEntry, MenuPlace } from '../ui/menu.ts';

type NamedMessage = Parameters<typeof menuTitle>[1];

/** What is smaller comes first: a timer is drawn on its node. */
const kinds: readonly Thing['type'][] = ['timer', 'message', 'node', 'link'];

const menuKeys: ReadonlySet<string> = new Set(['Enter', ' ', 'ContextMenu']);
/** A press that moves further is a drag. */
const clickMost = 4;

export class Acts implements ReactiveController {
  /** Counts the menus that were asked for: an answer to an earlier one is late. */
  private turn = 0;
  private pressedAt: MenuPlace = { x: 0, y: 0 };

  constructor(
    private readonly host: LitElement,
    /** Whether commands can be given: the debugger is stopped. */
    private readonly isEnabled: () => boolean,
    /** A message of the picture, by its id. */
    private readonly messageOf: (id: string) => NamedMessage = () => undefined,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.host.addEventListener('pointerdown', this.touched);
    this.host.addEventListener('click', this.clicked);
    this.host.addEventListener('contextmenu', this.clicked);
    this.host.addEventListener('keydown', this.pressed);
    window.addEventListener('message', this.told);
  }

  hostDisconnected(): void {
    this.host.removeEventListener('pointerdown', this.touched);
    this.host.removeEventListener('click', this.clicked);
    this.host.removeEventListener('contextmenu', this.clicked);
    this.host.removeEventListener('keydown', this.pressed);
    window.removeEventListener('message', this.told);
  }

  /** What the menu offers is out of date once the debugger has moved. */
  private readonly told = ({ data }: MessageEvent<Partial<{ type: string }> | null>) => {
    if (data?.type !== 'stopped' && data?.type !== 'running' && data?.type !== 'ended') return;
    this.turn++;
    closeMenu(this.host);
  };

  private readonly touched = ({ clientX: x, clientY: y }: PointerEvent) => {
    this.pressedAt = { x, y };
  };

  private readonly clicked = (event: MouseEvent) => {
    const found = thingAt(event);
    if (found === undefined) return;
    event.preventDefault();
    const { x, y } = this.pressedAt;
    const moved = Math.hypot(event.clientX - x, event.clientY - y);
    if (event.type === 'click' && moved > clickMost) return;
    // Without a pointer, the context menu key has no place.
    const hasPlace = event.clientX !== 0 || event.clientY !== 0;
    found.element.focus();
    void this.open(found.thing, hasPlace ? placeOf(event) : placeBeside(found.element));
  };

  private readonly pressed = (event: KeyboardEvent) => {
    const { key, shiftKey, ctrlKey, altKey, metaKey } = event;
    if (ctrlKey || altKey || metaKey) return;
    const isMenu = menuKeys.has(key) || (key === 'F10' && shiftKey);
    const found = isMenu ? thingAt(event) : undefined;
    if (found === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    void this.open(found.thing, placeBeside(found.element));
  };

  private async open(thing: Thing, place: MenuPlace): Promise<void> {
    if (!this.isEnabled()) return;
    const turn = ++this.turn;
    const answer = await ask('cluster', { type: 'acts', of: thing }).catch(() => undefined);
    if (turn !== this.turn || answer?.type !== 'acts' || answer.acts.length === 0) return;
    const message = thing.type === 'message' ? this.messageOf(thing.name) : undefined;
    const title = menuTitle(thing, message);
    openMenu(this.host, { title, entries: entriesOf(answer.acts) }, place);
  }
}

function entriesOf(acts: readonly ActView[]): MenuEntry[] {
  return acts.map((act) => {
    const { type, command, value, why } = act;
    const entry = {
      label: actLabel(act),
      command,
      group: groupOf(type),
      ...(why === undefined ? {} : { why }),
    };
    if (value === undefined) return { ...entry, choose: () => post({ type: 'do', command }) };
    const before = command.slice(0, command.length - value.length);
    const full = (entered: string) => before + entered.trim();
    return {
      ...entry,
      value: {
        label: valueLabel(type),
        hint: valueHint(act),
        proposed: value,
        command: full,
        fault: (entered: string) => {
          const question = { type: 'fault', command: full(entered) } as const;
          return ask('cluster', question).then(faultOf, reasonOf);
        },
      },
      choose: (entered) => post({ type: 'do', command: full(entered) }),
    };
  });
}

function faultOf(answer: ActAnswer): string {
  return answer.type === 'fault' ? answer.fault : '';
}

function reasonOf(why: Error): string {
  return why.message;
}

function thingAt(event: Event): { thing: Thing; element: SVGElement } | undefined {
  const path = event.composedPath().filter((one) => {
    return one instanceof SVGElement || one instanceof HTMLElement;
  });
  for (const type of kinds) {
    const element = path.find(({ dataset }) => dataset[type] !== undefined);
    if (!(element instanceof SVGElement)) continue;
    return { thing: { type, name: element.dataset[type]! }, element };
  }
  return undefined;
}

function placeOf({ clientX, clientY }: MouseEvent): MenuPlace {
  return { x: clientX + 2, y: clientY + 2 };
}

function placeBeside(element: Element): MenuPlace {
  const { left, bottom } = element.getBoundingClientRect();
  return { x: left, y: bottom + 2 };
}
