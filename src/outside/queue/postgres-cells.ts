// Entries of the board in PostgreSQL: a row for each, compared and swapped by one statement.

import { z } from "zod";

import type { Cells } from "./board.ts";

/** What we use of a pool. Its connections look for tables in the queue's schema first. */
export interface PostgresPool {
  query(sql: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount?: number | null }>;
}

const TABLE = `create table if not exists fanfold_board (
  key text primary key, text text not null, until timestamptz not null)`;
/** Another process made it in the same moment. */
const MADE_MEANWHILE = new Set(["23505", "42P07", "42710"]);
const READ = `select extract(epoch from clock_timestamp()) * 1000 as now,
  (select text from fanfold_board where key = $1 and until > clock_timestamp()) as text`;
const SWAP = `update fanfold_board set text = $3, until = clock_timestamp() + $4 * interval '1 ms'
  where key = $1 and text = $2`;
/** One that is over is as good as none. */
const PUT = `insert into fanfold_board (key, text, until)
  values ($1, $2, clock_timestamp() + $3 * interval '1 ms')
  on conflict (key) do update set text = excluded.text, until = excluded.until
  where fanfold_board.until <= clock_timestamp()`;
const SWEEP = "delete from fanfold_board where until <= clock_timestamp()";
/** Between two sweeps of this process, counted in entries that it put up. */
const SWEEP_EVERY = 100;

const Row = z.object({ now: z.coerce.number(), text: z.string().nullable() });
const Code = z.object({ code: z.string() });

/** Makes the table where there is none. */
export async function postgresCells(
  pool: PostgresPool,
  close: () => Promise<void>,
): Promise<Cells> {
  await pool.query(TABLE).catch((error: unknown) => {
    if (!MADE_MEANWHILE.has(Code.safeParse(error).data?.code ?? "")) throw error;
  });
  let put = 0;
  return {
    read: async (key) => {
      const { rows } = await pool.query(READ, [key]);
      const { now, text } = Row.parse(rows[0]);
      return { text, now: Math.floor(now) };
    },
    swap: async (key, before, { text, keepMs }) => {
      if (before === null && ++put % SWEEP_EVERY === 0) await pool.query(SWEEP);
      const { rowCount } =
        before === null
          ? await pool.query(PUT, [key, text, keepMs])
          : await pool.query(SWAP, [key, before, text, keepMs]);
      return rowCount === 1;
    },
    close,
  };
}
