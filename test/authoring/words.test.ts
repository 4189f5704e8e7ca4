/** Every text that the extension shows, as one golden text, and none of them outside its module. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { ReloadResult } from '../../src/dap/reload-result.ts';
import * as otherWords from '../../src/extension/words.ts';
import { finding } from '../../src/extension/finding/words.ts';
import { expectGolden } from '../golden.ts';
import { readManifest } from '../host/manifest.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const manifest = readManifest<Record<string, unknown>>();

const at = { step: 6, inside: false };
const values = { node: 'n1', path: ['log', '0'], before: '1', now: '2' };
const state = { step: 3, action: 'Grant A → B', difference: values };
const run = { type: 'run differs', step: 7, action: 'Grant A → B' } as const;
/** test/dap/words.test.ts lists every difference; here is one of each kind, in a whole message. */
const differences: ReloadResult[] = [
  { type: 'state differs', ...state, at: { step: 7, inside: true } },
  { type: 'state differs', ...state, step: 0, at: { step: 0, inside: false } },
  { ...run, difference: { type: 'not possible' }, at },
  { ...run, difference: { type: 'not possible' }, state, at },
];

/** Arguments for each text that takes some; a text with several cases has several lists. */
const samples: Record<string, readonly (readonly unknown[])[]> = {
  'errors.notAScenario': [['README.md']],
  'errors.noSuchScenario': [['/w/missing.scenario.yaml']],
  'errors.cannotStart': [
    ['a.scenario.yaml', 4, 11, 'there is no protocol `rafft` (did you mean `raft`?)', 0],
    ['a.scenario.yaml', 4, 11, 'unexpected word', 1],
    ['a.scenario.yaml', 4, 11, 'unexpected word', 2],
  ],
  'saved.appliesAfterRestart': [['a.scenario.yaml']],
  'errors.filesExist': [[['lease.ts']], [['lease.ts', 'lease.scenario.yaml']]],
  'errors.notCreated': [['EACCES: permission denied']],
  'problems.protocolFault': [['lease.ts', 3, 1, 'unexpected token']],
  'problems.notLoaded': [['./lease.ts', 'the file does not exist']],
  'folders.inNew': [['workspace', 'lease']],
  'folders.inExisting': [['workspace']],
  'copyProtocol.copied': [['raft', 'raft']],
  'errors.notCopied': [['EACCES: permission denied']],
  'errors.noSuchProtocol': [['rafft']],
  'errors.notWritten': [['0-acknowledgements.broken.scenario.yaml', 'EACCES: permission denied']],
  'generals.outsideLimits': [[0, 10_000]],
  'errors.noSuchSample': [['rafft']],
  'errors.samplesNotCopied': [['EACCES: permission denied']],
  'samples.copied': [[['raft'], 0, 'lessons'], [['raft', 'paxos'], 1, 'lessons'], [['raft'], 3, 'lessons']],
  'comparing.running': [[3, 9, 'shop/optimistic.scenario.yaml']],
  'comparing.noScenarios': [['lessons']],
  'comparing.tooMany': [['340', 100]],
  'comparing.failed': [['EACCES: permission denied']],
  'comparing.processEnded': [[''], ['lockstep: Internal error: no memory']],
  'comparing.document': [
    ['| scenario |\n| --- |\n| [a](a.scenario.yaml) |\n', []],
    ['| scenario |\n| --- |\n| [a](a.scenario.yaml) |\n', ['a.scenario.yaml:2:1: unexpected word']],
  ],
  'history.noScenario': [['raft.scenario.yaml']],
  'history.processEnded': [[''], ['lockstep: Internal error: no memory']],
  'playing.speed': [[0.25]],
  'finding.ofScenario': [['split-vote.scenario.yaml']],
  'finding.beginWith': [['Everything that is promised', 'Walks, then a search', 'Timed', 'No faults', 'seconds=30']],
  'finding.reaching': [['n1.up']],
  'finding.leadingTo': [['n1.up', '10s']],
  'finding.readsClock': [['Granted', 'c1']],
  'finding.seconds': [[30]],
  'finding.noSuchLimit': [['time', 'seconds, states']],
  'finding.wrongLimit': [['seconds']],
  'finding.notOpened': [['the session is running']],
  'finding.promiseGone': [['saved.scenario.yaml']],
  'finding.notValid': [['saved.scenario.yaml']],
  'finding.replaying': [['20,000', '120,000']],
  'finding.walking': [['1,200', '60', '400']],
  'finding.searching': [['12,000', '9', '30,000']],
  'finding.shrinking': [['12']],
  'finding.states': [['1'], ['12,000']],
  'finding.runs': [['1'], ['300']],
  'finding.cancelled': [['12,000 states', '9', '3.2'], ['1 state', '1', '0.1']],
  'finding.failed': [['the session has ended']],
  'finding.found': [['✗ Mutual Exclusion: c1 and c2 hold the lock (after 7 actions)']],
  'finding.foundElsewhere': [['✗ Mutual Exclusion: c1 and c2 hold the lock (after 7 actions)']],
  'finding.brokenBefore': [['Mutual Exclusion: c1 and c2 hold the lock (step 12)']],
  'finding.saved': [['lock-mutual-exclusion.scenario.yaml']],
  'finding.notSaved': [['the disk is full']],
  'finding.rerunning': [[2]],
  'finding.rerun': [['lock.ts', 1, 'Still broken: a.'], ['lock.ts', 2, 'Still broken: a, b.']],
  'finding.holdsNow': [['a.scenario.yaml']],
  'finding.stillBroken': [['a.scenario.yaml']],
  'finding.notPossible': [['a.scenario.yaml']],
  'finding.notRun': [['the disk is full']],
  'exporting.ofScenario': [['split-vote.scenario.yaml']],
  'exporting.failed': [['the session has ended']],
  'exporting.processEnded': [[''], ['lockstep: Internal error: no memory']],
  'exporting.saved': [[['run.html']], [['cluster.md', 'cluster.svg']]],
  'exporting.notSaved': [['run.html', 'the disk is full']],
  'runs.branch': [[2]],
  'runs.named': [[2, 'lossy link']],
  'runs.actions': [[1], [28]],
  'runs.step': [[12, '240 ms']],
  'runs.event': [['LeaderElected term 1', 'n2']],
  'runs.violated': [['Election Safety']],
  'runs.threw': [['n2']],
  'runs.current': [[12]],
  'runs.parted': [['First run', 12, '240 ms']],
  'runs.began': [['n1 crashes']],
  'runs.firstEvent': [['LeaderElected term 1 at n2', 20]],
  'runs.instead': [['LeaderElected term 1 at n3', 18, 'First run']],
  'runs.violatedAt': [['Election Safety', 31, 'n1 and n2 lead term 1']],
  'runs.threwAt': [['n2', 31, 'no such key']],
  'runs.notPossible': [['RequestVote n1 → n2', 14]],
  'runs.noParent': [[2]],
  'runs.parentShorter': [[0, 8]],
  'runs.parentDiffers': [[0, 8]],
  'runs.nameTitle': [['Branch 2']],
  'runs.confirmDelete': [['Branch 2', 0], ['Branch 2', 1], ['Branch 2', 3]],
  'runs.saved': [['write-branch-2.scenario.yaml']],
  'runs.notSaved': [['write-branch-2.scenario.yaml', 'the disk is full']],
  'runs.nearest': [['Branch 3', 'Accept p1 → a2 is lost (step 12)']],
  'runs.noNearest': [[212]],
  'runs.before': [['Accept p1 → a2', 'Prepare p2 → a2', 12]],
  'runs.last': [['Accept p1 → a2', 12]],
  'runs.leftOut': [['crash n1', 12]],
  'runs.lost': [['Accept p1 → a2', 12]],
  'newProtocol.created': [['lease']],
  'newProtocol.launchJsonBroken': [[3, 20]],
  'configurations.broken': [['lease']],
  'testing.neverTested': [['Election Safety', 'raft']],
  'testing.neverOccurred': [['LogTruncated, QuorumLost', 'raft']],
  'testing.mustFail': [['split-vote.broken.scenario.yaml']],
  'testing.output': [['split-vote.scenario.yaml', '✓ 10 of 10 invariants of raft']],
  'testing.processEnded': [[''], ['lockstep: Internal error: no memory']],
  'status.stopped': [['Step 12', '1.204 s']],
  'status.ended': [['all 4 hold', false], ['1 violated, 3 hold', true]],
  'reload.same': [['lease.ts']],
  'reload.different': differences.map((one) => ['lease.ts', one]),
  'reload.interrupted': [[{ type: 'interrupted', at }]],
  'reload.refused': [['lease.ts', 'lease.ts:3:1: unexpected token.']],
};

const words = { ...otherWords, finding };

function lines(name: string, text: unknown): string[] {
  if (typeof text === 'string') return [`${name}: ${text}`];
  const sample = samples[name];
  if (typeof text !== 'function' || !sample) throw new Error(`${name} needs sample arguments`);
  return sample.map((args) => `${name}: ${String(text(...args))}`);
}

test('the texts of the extension', () => {
  const all = Object.entries(words).flatMap(([group, texts]) =>
    Object.entries(texts).flatMap(([name, text]) => lines(`${group}.${name}`, text)),
  );
  expectGolden(import.meta.url, 'extension-words', all.join('\n'));
});

/** The keys whose values VS Code shows to users. */
const shownKeys = /^(title|label|description|displayName|enumDescriptions|category|name)$/;

function shownTexts(value: unknown, name: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const place = `${name}.${key}`;
    const texts = (Array.isArray(child) ? child : [child]).filter((text) => typeof text === 'string');
    if (shownKeys.test(key) && texts.length > 0) return texts.map((text) => `${place}: ${text}`);
    return shownTexts(child, place);
  });
}

test('the texts of the manifest', () => {
  const { displayName, description, capabilities, contributes } = manifest;
  const texts = shownTexts({ displayName, description, capabilities, contributes }, 'package');
  expectGolden(import.meta.url, 'manifest-words', texts.join('\n'));
});

test('no message is worded outside of words.ts', () => {
  const folder = path.join(root, 'src/extension');
  const worded = /show(Error|Warning|Information)Message\(\s*['"`]|(prompt|placeHolder|tooltip|title): ['"`]/;
  const files = readdirSync(folder, { recursive: true }).map(String).filter((name) => name.endsWith('.ts') && !/(^|[\\/])words\.ts$/.test(name));
  expect(files.filter((name) => worded.test(readFileSync(path.join(folder, name), 'utf8')))).toEqual([]);
});
