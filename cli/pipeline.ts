import { readFileSync } from 'node:fs';
import { SingleBar } from 'cli-progress';
import { z } from 'zod';
import { RapportError, reasonOf } from '../config/errors.js';
import { type Endpoint, EndpointPool, endpointSchema } from '../lab/pipelines/engine/endpoints.js';
import type { Spent } from '../lab/pipelines/engine/item.js';
import { estimate, type RunResult, runStage } from '../lab/pipelines/engine/run.js';
import { writeWhole } from '../lab/pipelines/engine/shards.js';
import type { AnyStage } from '../lab/pipelines/engine/stage.js';
import { pipelines } from '../lab/pipelines/systems.js';
import type { PipelineOptions } from './commands/pipeline.js';
import { columns, printJson, printLine, printNote } from './output.js';

/** Runs one step of a pipeline, or says what it would take. */
export async function pipeline(system: string, step: string, options: PipelineOptions): Promise<void> {
  const steps = Object.hasOwn(pipelines, system) ? pipelines[system] : undefined;
  if (!steps)
    throw misuse(`There is no pipeline "${system}"; there are: ${Object.keys(pipelines).join(', ')}.`);
  const found = Object.hasOwn(steps, step) ? steps[step] : undefined;
  if (!found) throw misuse(`${system} has no step "${step}"; there are: ${Object.keys(steps).join(', ')}.`);
  if (options.out === options.in) throw misuse('--out would write over --in.');
  if ('rows' in found) {
    const rows = await found.rows(options);
    if (!options.dryRun)
      writeWhole(
        options.out,
        rows.map((row) => `${JSON.stringify(row)}\n`),
      );
    return show({ rows: rows.length }, options);
  }
  if (options.dryRun) {
    const would = await estimate(found.stage, { input: options.in, out: options.out });
    return show({ ...would, ...costOf(would, options) }, options);
  }
  const result = await ask(found.stage, options);
  for (const { id, reason } of result.failed.slice(0, 10)) printNote(`${id}: ${reason}`);
  const { items, made, calls, tokensIn, tokensOut, failed } = result;
  show(
    { items, made, failed: failed.length, calls, tokensIn, tokensOut, ...costOf(result, options) },
    options,
  );
  if (failed.length > 0) {
    printNote(`${failed.length} could not be made; the same command tries them again.`);
    process.exitCode = 1;
  }
}

async function ask(stage: AnyStage, options: PipelineOptions): Promise<RunResult> {
  const endpoints = endpointsOf(options);
  const pool = new EndpointPool(endpoints);
  const bar = process.stderr.isTTY
    ? new SingleBar({
        format: '{value}/{total} [{bar}] {eta_left} s left, {failed} failed, {tokens} tokens{cost}',
        stream: process.stderr,
      })
    : null;
  try {
    return await runStage(stage, {
      input: options.in,
      out: options.out,
      seed: options.seed,
      asked: pool,
      width: pool.width,
      model: [...new Set(endpoints.map(({ model }) => model))].sort().join(' '),
      onProgress: ({ done, total, failed, eta, ...spent }) => {
        const { cost } = costOf(spent, options);
        const shown = {
          failed,
          eta_left: eta === null ? '?' : Math.ceil(eta),
          tokens: spent.tokensIn + spent.tokensOut,
          cost: cost === undefined ? '' : `, costs ${cost}`,
        };
        if (bar && !bar.isActive) bar.start(total, done, shown);
        else bar?.update(done, shown);
      },
    });
  } finally {
    bar?.stop();
  }
}

function endpointsOf(options: PipelineOptions): Endpoint[] {
  if (options.endpoints !== undefined) {
    let value: unknown;
    try {
      value = JSON.parse(readFileSync(options.endpoints, 'utf8'));
    } catch (thrown) {
      throw new RapportError('RAPPORT_E_FILE_UNREADABLE', {
        file: options.endpoints,
        reason: reasonOf(thrown),
      });
    }
    const read = z.array(endpointSchema).min(1).safeParse(value);
    if (!read.success)
      throw new RapportError('RAPPORT_E_FILE_UNREADABLE', {
        file: options.endpoints,
        reason: read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
      });
    return read.data;
  }
  const read = endpointSchema.safeParse({
    baseUrl: process.env.MODEL_BASE_URL,
    model: process.env.MODEL_NAME,
    keyEnv: 'MODEL_API_KEY',
    ...(options.concurrency !== undefined && { concurrency: options.concurrency }),
    ...(options.perMinute !== undefined && { perMinute: options.perMinute }),
  });
  if (!read.success)
    throw misuse('Name a model server: MODEL_BASE_URL and MODEL_NAME in the environment, or --endpoints.');
  return [read.data];
}

function costOf({ tokensIn, tokensOut }: Readonly<Spent>, options: PipelineOptions): { cost?: number } {
  const { priceIn, priceOut } = options;
  if (priceIn === undefined && priceOut === undefined) return {};
  const cost = (tokensIn * (priceIn ?? 0) + tokensOut * (priceOut ?? 0)) / 1e6;
  return { cost: Math.round(cost * 10_000) / 10_000 };
}

function show(counts: Readonly<Record<string, number>>, { json }: PipelineOptions): void {
  if (json) printJson(counts);
  else printLine(columns(Object.entries(counts).map(([name, value]) => [name, String(value)])));
}

function misuse(reason: string): RapportError {
  return new RapportError('RAPPORT_E_USAGE', { reason, command: 'pipeline' });
}
