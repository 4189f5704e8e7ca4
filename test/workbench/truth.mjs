// Holds what a panel draws against the session: its state by expressions and scopes, and a view made anew.
import assert from 'node:assert/strict';
import { eventually } from '../host/eventually.mjs';
import { drawn } from './drawn.mjs';

/** Inside an action, the step is the one that this will be; the start has no number. */
const numberOf = ({ step, entered }) =>
  entered?.position === 'inside' && entered.command !== 'start' ? step + 1 : step;

/** How a header begins: inside an action, the step is the one that this will be. */
const named = ({ step, entered }) =>
  new RegExp(entered?.position === 'inside' ? `^Inside step ${step + 1}\\b` : `^Step ${step}\\b`);

/** By panel: fails unless the panel draws what the session has. `moment` is that of the last stop. */
const checks = {
  async cluster(shown, { probe, moment, state }) {
    assert.equal(shown.step, numberOf(moment));
    // An action that was entered counts: there is no step 1 of 0.
    assert.equal(shown.steps, Math.max(moment.steps, numberOf(moment)));
    const nodes = await state();
    assert.deepEqual(shown.nodes.map(({ id }) => id).toSorted(), nodes.map(({ id }) => id).toSorted());
    for (const { id, words, status } of shown.nodes) {
      const node = nodes.find((one) => one.id === id);
      if (node.standing !== '') assert.ok(words.includes(node.standing), `${words}: ${node.standing}`);
      if (node.epoch !== '0') assert.match(words, new RegExp(`\\b${node.epoch}\\b`));
      assert.equal(status, !node.isUp ? 'crashed' : node.isPaused ? 'paused' : 'running', id);
    }
    const flying = await messagesInFlight(probe);
    assert.equal(shown.count, flying.length);
    const { messages, unseen } = await probe.view('cluster');
    assert.equal(messages.length + unseen, flying.length);
    assert.deepEqual(shown.messages, messages.map(({ id }) => id).toSorted());
    assert.deepEqual(shown.messages.filter((id) => !flying.includes(id)), []);
  },

  async sequence(shown, { probe, moment, state }) {
    assert.match(shown.about, named(moment));
    const nodes = await state();
    const { items, participants } = await probe.view('sequence');
    assert.deepEqual(shown.nodes, participants.map(({ id }) => id));
    assert.deepEqual(shown.nodes.filter((id) => !nodes.some((node) => node.id === id)), []);
    const messages = items.filter(({ type }) => type === 'message');
    const names = (list) => list.map(({ id }) => id).toSorted();
    assert.deepEqual(shown.future, names(messages.filter(({ future }) => future)));
    // The page keeps rows of the past, which precede those of the view.
    const past = names(messages.filter(({ future }) => !future));
    assert.deepEqual(past.filter((id) => !shown.rows.includes(id)), []);
    const flying = await messagesInFlight(probe);
    assert.deepEqual(shown.flying.filter((id) => !flying.includes(id)), []);
    assert.deepEqual(shown.flying, names(messages.filter(({ outcome }) => outcome === 'in-flight')));
  },

  async spacetime(shown, { probe, moment, state }) {
    const nodes = await state();
    const steps = moment.steps.toLocaleString('en');
    assert.match(shown.picture, new RegExp(`^${nodes.length} nodes over .*, (${moment.steps}|${steps}) steps, current`));
    assert.match(shown.picture, new RegExp(`current step (${moment.step}|${moment.step.toLocaleString('en')})$`));
    assert.ok(shown.colors > 2, `${shown.colors} colors`);
    const { lanes } = await probe.view('spacetime');
    const ask = async (question) => {
      const asked = { type: 'ask', panel: 'spacetime', question: { lane: lanes[0].key, ...question } };
      return (await probe.request('lockstep/panel', asked)).answer;
    };
    const { sentence } = await ask({ type: 'event', step: shown.step });
    assert.equal(shown.sentence, sentence);
    // It tells of the last event: no node acts in a step that only loses a message.
    const others = await ask({ type: 'steps', from: shown.step, most: 1 + moment.step - shown.step, labels: 0 });
    assert.deepEqual(others.nodes.map((node) => node >= 0), others.nodes.map((_, place) => place === 0));
    assert.equal(shown.step + others.nodes.length - 1, moment.step);
  },

  async history(shown, { probe, moment }) {
    assert.match(shown.about, named(moment));
    const { operations, before } = await probe.view('history');
    assert.equal(shown.operations.length, operations.length);
    for (const [place, { text }] of operations.entries()) {
      assert.ok(shown.operations[place].includes(text), `${shown.operations[place]}: ${text}`);
    }
    const pending = await probe.strings('nodes.map(n, string(n.operations.size()))');
    const open = pending.reduce((sum, count) => sum + Number(count), 0);
    assert.ok(operations.filter(({ returned }) => returned === undefined).length >= open);
    assert.ok(before >= 0);
  },

  async locks(shown, { probe, moment, state }) {
    assert.match(shown.about, named(moment));
    const { locks, stores } = await probe.view('locks');
    const spans = locks.flatMap(({ authority, believers }) => [
      ...(authority?.spans ?? []),
      ...believers.flatMap((believer) => believer.spans),
    ]);
    const marks = [...locks.flatMap(({ conflicts }) => conflicts), ...stores.flatMap(({ writes }) => writes)];
    assert.equal(shown.items.length, spans.length + marks.length);
    const outages = locks.flatMap(({ believers }) => believers.flatMap((believer) => believer.outages));
    assert.equal(shown.rows.length, shown.items.length + outages.length);
    // Who believes to hold a lock is what these nodes say of themselves.
    const open = locks.flatMap(({ believers }) => {
      return believers.filter((one) => one.spans.some(({ to }) => to === null)).map(({ node }) => node);
    });
    const holders = (await state()).filter(({ standing }) => ['holder', 'leader'].includes(standing));
    assert.deepEqual(open.toSorted(), holders.map(({ id }) => id).toSorted());
    for (const id of open) assert.ok(shown.items.some((about) => about.includes(id)), id);
  },

  async logs(shown, { probe, moment, state }) {
    assert.match(shown.about, named(moment));
    assert.equal(shown.loading, 0);
    assert.ok(shown.logs.length > 0);
    const nodes = await state();
    const logs = await logsOf(probe, shown.logs);
    for (const { node, isLeader, entries, committed } of shown.logs) {
      assert.equal(isLeader, nodes.find(({ id }) => id === node).standing === 'leader', node);
      const { size, commitIndex, terms } = logs.get(node);
      assert.ok(entries.length > 0 || size === 0, `${node}: no entries`);
      const last = Number(entries.at(-1)?.split(' ')[0] ?? 0);
      // The panel follows the end of the longest log.
      assert.equal(last, size, `the last index of ${node}`);
      for (const entry of entries) {
        const [index, term] = entry.split(' ');
        assert.equal(term, terms.get(index), `${node}, index ${index}`);
      }
      const first = Number(entries[0]?.split(' ')[0] ?? 0);
      assert.equal(committed, first > commitIndex ? 0 : commitIndex, `what ${node} committed`);
    }
  },

  async roles(shown, { probe, moment, state }) {
    assert.match(shown.about, named(moment));
    const { role, transitions } = await probe.view('roles');
    const up = (await state()).filter((node) => node.role === role && node.isUp);
    assert.deepEqual(shown.here.toSorted(), [...new Set(up.map(({ standing }) => standing))].toSorted());
    const places = (is) => transitions.flatMap((one, place) => (is(one) ? [String(place)] : []));
    assert.deepEqual(shown.taken, places(({ count }) => count > 0));
    assert.deepEqual(shown.now, places(({ now }) => now.length > 0));
  },
};

/** The logs of the nodes whose rows are drawn, with the terms at the drawn indexes that they have. */
async function logsOf(probe, drawnLogs) {
  const logs = new Map();
  for (let at = 0; at < drawnLogs.length; at += nodesAtOnce) {
    const some = drawnLogs.slice(at, at + nodesAtOnce);
    const parts = some.flatMap(({ node }) => [`${node}.state.log.size()`, `${node}.look.log.committed`]);
    const numbers = (await stringsOf(probe, parts)).map(Number);
    const indexes = some.flatMap(({ node, entries }, place) => {
      const size = numbers[2 * place];
      logs.set(node, { size, commitIndex: numbers[2 * place + 1], terms: new Map() });
      return entries.map((entry) => [node, entry.split(' ')[0]]).filter(([, index]) => index <= size);
    });
    const terms = await stringsOf(probe, indexes.map(([node, index]) => `${node}.state.log[${index - 1}].term`));
    for (const [place, [node, index]] of indexes.entries()) logs.get(node).terms.set(index, terms[place]);
  }
  return logs;
}

/** So that no expression is too long. */
const nodesAtOnce = 5;

function stringsOf(probe, expressions) {
  return probe.strings(`[${expressions.map((one) => `string(${one})`).join(', ')}]`);
}

/** The names of the messages in flight, as the adapter lists them for *Variables*. */
async function messagesInFlight(probe) {
  const flying = (await probe.scope('Network')).find(({ name }) => name === 'in flight');
  return (await probe.rows(flying.variablesReference)).map(({ name }) => /\S+->\S+#\d+/.exec(name)?.[0] ?? name);
}

/** What the nodes are, by expressions. */
async function nodesOf(probe) {
  const parts = ['n.id', 'n.role', 'n.standing', 'string(n.epoch)', 'string(n.up)', 'string(n.paused)'];
  const rows = await probe.strings(`nodes.map(n, ${parts.join(' + "|" + ')})`);
  return rows.map((row) => {
    const [id, role, standing, epoch, up, paused] = row.split('|');
    return { id, role, standing, epoch, isUp: up === 'true', isPaused: paused === 'true' };
  });
}

/**
 * Waits until the panels draw the moment of the last stop, and holds each against the session. What
 * they draw is read before the adapter has to answer anything, because that may make it send views.
 */
export async function holdAgainstSession(workbench, probe, names, moment) {
  const shown = new Map();
  for (const name of names) shown.set(name, await untilDrawn(workbench, name, moment));
  let nodes;
  const state = () => (nodes ??= nodesOf(probe));
  for (const [name, read] of shown) {
    try {
      await checks[name](read, { probe, moment, state });
    } catch (error) {
      if (!(error instanceof assert.AssertionError)) throw error;
      const about = [`${name} at`, JSON.stringify(moment), 'draws', JSON.stringify(read).slice(0, 2_000)].join(' ');
      // Mocha shows no more of an error with `actual` and `expected` than these.
      throw new assert.AssertionError({ message: `${error.message}\n${about}` });
    }
  }
  return shown;
}

/** Resolves with what a panel draws once it has drawn a moment, and two readings agree. */
async function untilDrawn(workbench, name, moment) {
  let [now, last] = [];
  return eventually(async () => {
    // A tab that is shown again has a page anew: the frame of the one before it goes a little later.
    const panel = await workbench.panel(name);
    now = await panel.evaluate(readiness, moment, { timeout: 1_000 }).catch(firstLine);
    if (now.step !== moment.step || now.branch !== moment.branch || !now.isWhole) return undefined;
    const read = await panel.evaluate(drawn[name], undefined, { timeout: 5_000 }).catch(firstLine);
    if (read.problem !== undefined) return undefined;
    const text = JSON.stringify(read);
    const isSteady = text === last;
    last = text;
    return isSteady ? read : undefined;
  }, `${name} at step ${moment.step} of branch ${moment.branch}`).catch((error) => {
    throw new Error(`${error.message}; at last it was ${JSON.stringify(now)}, and drew ${last?.slice(0, 2_000)}`);
  });
}

function firstLine(error) {
  return { problem: String(error).split('\n', 1)[0] };
}

/**
 * Runs in a frame. It waits there for the moment for a while: questions from outside take longer to
 * arrive and to be answered than the panel takes to draw.
 */
async function readiness(element, { step, branch }) {
  for (let waits = 0; ; waits++) {
    await element.drawn;
    const { shown, phase } = element.state;
    // Space-Time reads the run in parts.
    const lanes = element.stage?.lanes ?? [];
    const isWhole = phase.type === 'stopped' && lanes.every((lane) => lane.isWhole);
    const isThere = shown?.moment.step === step && shown.moment.branch === branch && isWhole;
    // The page may be another by then.
    if (isThere || waits === 10) return { step: shown?.moment.step, branch: shown?.moment.branch, isWhole };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
