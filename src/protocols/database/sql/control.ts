/** Parses statements about transactions, locks, settings and notifications. */
import type { Reader } from './reader.ts';
import { settingsNotModelled } from './setting-names.ts';
import { type Control, type Level, type TableMode, tableModes } from './syntax.ts';

/** Reads such a statement; undefined if none comes next. */
export function readControl(reader: Reader): Control | undefined {
  if (reader.take('start', 'transaction') || reader.take('begin')) return readBegin(reader);
  if (reader.take('savepoint')) return { type: 'savepoint', name: reader.name() };
  if (reader.take('release')) {
    reader.take('savepoint');
    return { type: 'release', name: reader.name() };
  }
  for (const word of ['commit', 'rollback']) {
    if (reader.sees(word, 'prepared')) reader.refuse(`${word.toUpperCase()} PREPARED`);
  }
  if (reader.take('commit') || reader.take('end')) return readEnd(reader, 'commit');
  if (reader.take('rollback') || reader.take('abort')) return readEnd(reader, 'rollback');
  if (reader.take('lock')) return readLock(reader);
  if (reader.take('set')) return readSet(reader);
  if (reader.sees('show', 'all')) reader.refuse('SHOW ALL: name a setting');
  if (reader.take('show')) return { type: 'show', name: readSettingName(reader) };
  if (reader.take('reset')) {
    return { type: 'reset', name: reader.take('all') ? null : readSettingName(reader) };
  }
  if (reader.take('listen')) return { type: 'listen', channel: reader.name() };
  if (reader.take('unlisten')) {
    return { type: 'unlisten', channel: reader.take('*') ? null : reader.name() };
  }
  if (reader.take('notify')) return readNotify(reader);
  if (reader.take('discard')) {
    if (!reader.take('all')) reader.refuse('DISCARD of anything but ALL');
    return { type: 'discard all' };
  }
  return undefined;
}

function readBegin(reader: Reader): Control {
  if (!reader.take('transaction')) reader.take('work');
  let level: Level | null = null;
  if (!reader.atEnd && !reader.sees(';')) {
    reader.list(() => {
      // What a transaction is by default.
      if (reader.take('read', 'write') || reader.take('not', 'deferrable')) return;
      if (reader.sees('read', 'only')) reader.refuse('READ ONLY of a transaction');
      if (reader.sees('deferrable')) reader.refuse('DEFERRABLE of a transaction');
      level = readLevel(reader);
    });
  }
  return { type: 'begin', level };
}

function readLevel(reader: Reader): Level {
  reader.expect('isolation', 'level');
  const word = reader.takeOne(
    'serializable', 'repeatable read', 'read committed', 'read uncommitted',
  );
  if (word === undefined) reader.fail();
  // PostgreSQL has no dirty reads: its read uncommitted is read committed.
  return word === undefined || word === 'read uncommitted' ? 'read committed' : word;
}

function readEnd(reader: Reader, type: 'commit' | 'rollback'): Control {
  if (!reader.take('transaction')) reader.take('work');
  if (type === 'rollback' && reader.take('to')) {
    reader.take('savepoint');
    return { type: 'rollback to', name: reader.name() };
  }
  if (reader.take('and')) {
    if (!reader.take('no', 'chain')) reader.refuse(`${type.toUpperCase()} AND CHAIN`);
  }
  return { type };
}

function readLock(reader: Reader): Control {
  reader.take('table');
  reader.take('only');
  const tables = reader.list(() => reader.table());
  let mode: TableMode = 'access exclusive';
  if (reader.take('in')) {
    // The longest name first: `share` begins others.
    const names = tableModes.toSorted((a, b) => b.length - a.length);
    const named = names.find((one) => reader.take(...one.split(' '), 'mode'));
    if (named === undefined) reader.fail();
    else mode = named;
  }
  return { type: 'lock table', tables, mode, nowait: reader.take('nowait') };
}

function readSet(reader: Reader): Control {
  if (reader.take('transaction')) {
    if (reader.sees('read')) reader.refuse('SET TRANSACTION READ ONLY and READ WRITE');
    if (reader.sees('snapshot')) reader.refuse('SET TRANSACTION SNAPSHOT');
    return { type: 'set level', level: readLevel(reader) };
  }
  for (const word of ['constraints', 'role', 'names']) {
    if (reader.sees(word)) reader.refuse(`SET ${word.toUpperCase()}`);
  }
  const local = reader.takeOne('session', 'local') === 'local';
  if (reader.take('characteristics', 'as', 'transaction')) {
    const level = readLevel(reader);
    return { type: 'set', name: 'default_transaction_isolation', value: level, local: false };
  }
  const name = readSettingName(reader);
  if (!reader.take('to')) reader.expect('=');
  if (reader.take('default')) return { type: 'set', name, value: null, local };
  return { type: 'set', name, value: readSetting(reader), local };
}

function readSettingName(reader: Reader): string {
  if (reader.take('transaction', 'isolation', 'level')) return 'transaction_isolation';
  if (reader.sees('time', 'zone')) reader.refuse('the setting timezone');
  const first = reader.name();
  if (settingsNotModelled.has(first)) reader.refuse(`the setting ${first}`);
  return reader.take('.') ? `${first}.${reader.name()}` : first;
}

function readSetting(reader: Reader): string {
  const sign = reader.take('-') ? '-' : '';
  const text =
    reader.takeKind('number') ?? reader.takeKind('string') ?? reader.takeOne('on', 'true', 'false');
  if (text !== undefined) return `${sign}${text}`;
  return reader.name();
}

function readNotify(reader: Reader): Control {
  const channel = reader.name();
  if (!reader.take(',')) return { type: 'notify', channel, payload: '' };
  const payload = reader.takeKind('string');
  if (payload === undefined) reader.fail();
  return { type: 'notify', channel, payload: payload ?? '' };
}
