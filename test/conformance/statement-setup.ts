/** The tables of the statements of queue and lock users. */
export const statementSetup: readonly string[] = [
  "CREATE TABLE jobs (id serial PRIMARY KEY, queue text NOT NULL DEFAULT 'default', state text NOT NULL DEFAULT 'new', worker text, " +
    "prio integer NOT NULL DEFAULT 0, run_at timestamptz NOT NULL DEFAULT '2020-01-01', attempts integer NOT NULL DEFAULT 0, query text)",
  "INSERT INTO jobs (queue, state, worker, prio) VALUES ('mail','new',null,3), ('mail','run','A',2), ('pay','new',null,1), " +
    "('pay','done','B',9), ('mail','new','C',0)",
  'CREATE TABLE locks (name text PRIMARY KEY, owner text, expires_at timestamptz, token bigint NOT NULL DEFAULT 0)',
  "INSERT INTO locks VALUES ('order42','w1','2020-01-01',3), ('stock', 'w2', '2030-01-01', 7)",
];
