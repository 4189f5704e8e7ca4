/** A row of `lockstep compare` as JSON; times are in microseconds. */
import { type Row, resultText } from './row.ts';

export function rowObject(row: Row): object {
  const { file, title, runs, failures, figures, problems } = row;
  const isGood = figures !== undefined && failures.length === 0;
  return {
    file,
    title,
    runs,
    result: isGood ? (row.isTwin ? 'broken as it must be' : 'holds') : 'fails',
    ...((!isGood || row.isTwin) && { why: resultText(row).replace(/^✗ /, '') }),
    ...(failures.length > 0 && { failedSeeds: failures.map(({ seed }) => seed) }),
    ...(problems.length > 0 && { problems }),
    ...(figures && {
      models: figures.models,
      latency: Object.fromEntries(figures.latencies),
      time: figures.time,
      actions: figures.actions,
      operations: figures.operations,
      measures: Object.fromEntries(figures.measures),
    }),
  };
}
