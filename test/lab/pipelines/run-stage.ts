import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { EndpointPool } from '../../../lab/pipelines/engine/endpoints.js';
import { runStage } from '../../../lab/pipelines/engine/run.js';
import type { AnyStage } from '../../../lab/pipelines/engine/stage.js';
import { type AskedFor, answeringServer, type Scripted } from './answering-server.js';

/** A JSON Lines file of a test, removed with it. */
export function fileOf(rows: readonly unknown[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'rapport-pipeline-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'in.jsonl');
  writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return file;
}

/** A stage over rows, against a server with scripted answers. */
export async function runOver<Out>(
  stage: AnyStage,
  rows: readonly unknown[],
  script: (asked: AskedFor, n: number) => Scripted,
) {
  const server = await answeringServer(script);
  onTestFinished(server.close);
  const asked = new EndpointPool([{ baseUrl: server.url, model: 'm', concurrency: 1 }], { firstPauseMs: 1 });
  const input = fileOf(rows);
  const out = `${input}.out`;
  const result = await runStage(stage, { input, out, seed: 1, asked, width: 1, model: 'm' });
  const lines = readFileSync(out, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return { result, rows: lines.map((line) => JSON.parse(line) as Out), requests: server.requests };
}

export const lastOf = ({ messages }: AskedFor): string => messages.at(-1)?.content ?? '';
