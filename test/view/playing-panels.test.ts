/** One player at a time, within reach of every panel: the command, and what pages report. */
import { expect, test, vi } from 'vitest';
import { contextKeys } from '../../src/extension/names.ts';
import { begun, editor, panelOf, panels, useNewPanels } from './panel-sessions.ts';

vi.mock('vscode', async () => {
  const fake = await import('./fake-editor.ts');
  const editor = new fake.FakeEditor();
  return { ...editor, editor };
});

useNewPanels();

type Posted = { type: string; speed?: number };
const sentTo = (name: 'cluster' | 'sequence') =>
  (panelOf(name).posted as Posted[]).filter(({ type }) => type === 'play or pause' || type === 'speed');
const reports = (name: 'cluster' | 'sequence', isPlaying: boolean) =>
  panelOf(name).received.fire({ type: 'playing', isPlaying });
const isPlaying = () =>
  editor.contexts.filter(([key]) => key === contextKeys.playing).at(-1)?.[1];

test('the command plays in the picture that moves, and pauses whatever plays', async () => {
  await begun('a');
  panelOf('sequence').received.fire({ type: 'has focus', hasFocus: true });
  panels.playing.playOrPause();
  expect(sentTo('cluster')).toEqual([{ type: 'play or pause' }]);
  expect(sentTo('sequence')).toEqual([]);
  reports('cluster', true);
  expect(isPlaying()).toBe(true);
  panels.playing.playOrPause();
  expect(sentTo('cluster')).toHaveLength(2);
  reports('cluster', false);
  expect(isPlaying()).toBe(false);
});

test('without that picture, it plays in a panel that is visible, and else says that there is none', async () => {
  await begun('a');
  panelOf('cluster').setVisible(false);
  panels.playing.playOrPause();
  expect(sentTo('sequence')).toEqual([{ type: 'play or pause' }]);
  panelOf('sequence').setVisible(false);
  panels.playing.playOrPause();
  expect(editor.errors.at(-1)).toMatch(/^No panel is visible/);
});

test('a page that begins pauses the one that played', async () => {
  await begun('a');
  reports('cluster', true);
  reports('sequence', true);
  expect(sentTo('cluster')).toEqual([{ type: 'play or pause' }]);
  // It reports that it has paused: the other one still plays.
  reports('cluster', false);
  expect(isPlaying()).toBe(true);
  panels.playing.playOrPause();
  expect(sentTo('sequence')).toEqual([{ type: 'play or pause' }]);
});

test('nothing plays once the page that played is gone', async () => {
  await begun('a');
  reports('cluster', true);
  panelOf('cluster').setVisible(false);
  expect(isPlaying()).toBe(false);
});

test('a speed that is chosen anywhere is that of all pages, also of later ones', async () => {
  await begun('a');
  panelOf('cluster').received.fire({ type: 'speed', speed: 10 });
  expect(sentTo('cluster')).toEqual([]);
  expect(sentTo('sequence')).toEqual([{ type: 'speed', speed: 10 }]);
  panels.playing.playOrPause();
  expect(sentTo('cluster')).toEqual([{ type: 'play or pause', speed: 10 }]);
});
