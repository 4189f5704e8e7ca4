// Plays a session in one panel at a time: by a command, wherever the user is, or in a page itself.
import * as vscode from 'vscode';
import { type PanelName, panelNames } from '../../view/panels.ts';
import { contextKeys } from '../names.ts';
import { playing as words } from '../words.ts';
import { refuse } from '../failures.ts';
import type { Surface } from './surface.ts';
import type { Surfaces } from './surfaces.ts';

const speedKey = 'lockstep.speed';
/** As the controls below the picture of the cluster offer them. */
const speeds: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100];

export class Playing {
  /** The surface whose page plays. */
  private surface: Surface | undefined;

  constructor(
    private readonly surfaces: Surfaces,
    private readonly memory: vscode.Memento,
  ) {}

  playOrPause(): void {
    const surface = this.surface ?? this.best();
    if (!surface) return refuse(words.noPanel);
    const speed = this.memory.get<number>(speedKey);
    this.surfaces.post(surface, { type: 'play or pause', ...(speed !== undefined && { speed }) });
  }

  /** A page has begun to play, or no longer does. Two of them would take each other's steps. */
  reported(surface: Surface, isPlaying: boolean): void {
    if (!isPlaying && this.surface !== surface) return;
    const before = this.surface;
    this.set(isPlaying ? surface : undefined);
    if (isPlaying && before && before !== surface) {
      this.surfaces.post(before, { type: 'play or pause' });
    }
  }

  hidden(surface: Surface): void {
    if (this.surface === surface) this.set(undefined);
  }

  async chooseSpeed(): Promise<void> {
    const present = this.memory.get<number>(speedKey) ?? 1;
    const picked = await vscode.window.showQuickPick(
      speeds.map((speed) => ({
        speed, label: words.speed(speed), description: speed === present ? words.present : '',
      })),
      { title: words.speedTitle, placeHolder: words.speedAbout },
    );
    if (picked) this.speedChosen(picked.speed);
  }

  /** In any page, or by the command: all pages have it. */
  speedChosen(speed: number, from?: Surface): void {
    void this.memory.update(speedKey, speed);
    for (const surface of panelNames.flatMap((name) => this.surfaces.loadedOf(name))) {
      if (surface !== from) this.surfaces.post(surface, { type: 'speed', speed });
    }
  }

  /** The picture of the cluster moves, so it plays if it is there. */
  private best(): Surface | undefined {
    const visible = (name: PanelName) =>
      this.surfaces.loadedOf(name).filter((surface) => surface.visible);
    const { lastFocused } = this.surfaces;
    const isThere = lastFocused && visible(lastFocused.panel).includes(lastFocused);
    return visible('cluster')[0] ?? (isThere ? lastFocused : panelNames.flatMap(visible)[0]);
  }

  private set(surface: Surface | undefined): void {
    this.surface = surface;
    const isPlaying = surface !== undefined;
    void vscode.commands.executeCommand('setContext', contextKeys.playing, isPlaying);
  }
}
