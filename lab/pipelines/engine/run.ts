import { RapportError } from '../../../config/errors.js';
import { readRows } from '../../evaluation/read-rows.js';
import type { Asked } from './endpoints.js';
import { itemScope, type Spent } from './item.js';
import { finishedLines, Shards } from './shards.js';
import { type AnyStage, ItemFailure } from './stage.js';

export interface RunOptions {
  readonly input: string;
  readonly out: string;
  readonly seed: number;
  readonly asked: Asked;
  /** Items at once. */
  readonly width: number;
  /** Names the model in what may not be mixed in one file. */
  readonly model: string;
  readonly onProgress?: (progress: Progress) => void;
}

export interface Progress extends Readonly<Spent> {
  readonly done: number;
  readonly total: number;
  readonly failed: number;
  /** Seconds to the end at the pace so far; null before the first item. */
  readonly eta: number | null;
}

export interface RunResult extends Readonly<Spent> {
  readonly items: number;
  /** Made by this run; the others were there. */
  readonly made: number;
  readonly failed: readonly { readonly id: string; readonly reason: string }[];
}

/** What a run would take. */
export interface Estimate extends Readonly<Spent> {
  readonly items: number;
}

/**
 * Runs a stage over a file: only items whose ids are not in the result yet, several at once, results in the order of the input.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE, RAPPORT_E_INPUT_INVALID; whatever a stage throws that is no ItemFailure
 */
export async function runStage(stage: AnyStage, options: RunOptions): Promise<RunResult> {
  const { out, seed, asked, width, model, onProgress } = options;
  const items = await itemsOf(stage, options.input);
  const shards = new Shards(out, { step: stage.name, seed, version: `${stage.version} ${model}` });
  const lines = finishedLines(out, stage.idOfResult);
  const missing = items.filter(({ id }) => !lines.has(id));
  const failed: { id: string; reason: string }[] = [];
  const spent: Spent = { calls: 0, tokensIn: 0, tokensOut: 0 };
  const started = Date.now();
  let made = 0;
  let stopped = false;
  const queue = missing.values();
  const work = async (): Promise<void> => {
    for (const { id, row, position } of queue) {
      if (stopped) return;
      try {
        const scope = itemScope(id, `${seed}:${stage.name}:${id}`, { asked, shards, spent });
        const line = JSON.stringify(await stage.run(row, scope, position));
        shards.finish(id, line);
        lines.set(id, line);
        made += 1;
      } catch (thrown) {
        if (!(thrown instanceof ItemFailure)) {
          stopped = true;
          throw thrown;
        }
        shards.forgetAnswers(id);
        failed.push({ id, reason: thrown.message });
      }
      const ended = made + failed.length;
      const eta = ((Date.now() - started) / 1000 / ended) * (missing.length - ended);
      onProgress?.({
        ...spent,
        done: items.length - missing.length + made,
        total: items.length,
        failed: failed.length,
        eta,
      });
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(width, missing.length)) }, work));
  const ordered = items.flatMap(({ id }) => lines.get(id) ?? []);
  shards.merge(ordered, { complete: failed.length === 0 });
  return { ...spent, items: items.length, made, failed };
}

/** What the items that are missing would take, by what is usual for the stage; asks nothing and writes nothing. */
export async function estimate(
  stage: AnyStage,
  { input, out }: { readonly input: string; readonly out: string },
): Promise<Estimate> {
  const finished = finishedLines(out, stage.idOfResult);
  const left = (await itemsOf(stage, input)).filter(({ id }) => !finished.has(id)).length;
  const calls = left * stage.usual.calls;
  return {
    items: left,
    calls,
    tokensIn: calls * stage.usual.tokensIn,
    tokensOut: calls * stage.usual.tokensOut,
  };
}

async function itemsOf(stage: AnyStage, input: string) {
  const rows = await readRows(input, stage.input);
  const items = rows.map(({ value, place }, position) => ({
    id: stage.idOf(value, position),
    row: value,
    position,
    place,
  }));
  const seen = new Map<string, string>();
  for (const { id, place } of items) {
    const first = seen.get(id);
    if (first !== undefined)
      throw new RapportError('RAPPORT_E_INPUT_INVALID', {
        problems: `${place}: the same id (${id}) as ${first}`,
      });
    seen.set(id, place);
  }
  return items;
}
