import { createScorers } from '../app/scorers.js';
import { loadConfig, loadLocale } from '../app/settings.js';
import { configuredBank } from '../characters/bank.js';
import { RapportError } from '../config/errors.js';
import { sentences } from '../inference/onnx/character-texts.js';
import { printJson, printLine, printNote } from './output.js';
import { quietLogger } from './quiet-logger.js';

export interface MatchOptions {
  readonly persona: string;
  readonly mbti?: string;
  readonly top: number;
  readonly json?: boolean;
}

/** Ranks the bank for one person. The text counts as what is on their mind, its sentences as facts about them. */
export async function match({ persona, mbti, top, json }: MatchOptions): Promise<void> {
  const worry = persona.trim();
  if (worry === '')
    throw new RapportError('RAPPORT_E_USAGE', { reason: '--persona is empty.', command: 'match' });
  const loaded = loadConfig();
  const bank = configuredBank(loaded.config);
  const scorers = await createScorers(
    loaded.config,
    loadLocale(loaded.config.locale).say,
    quietLogger(loaded),
  );
  try {
    const { scorer, problem } = scorers;
    if (problem) printNote(`${problem.code}: ${problem.message} Shared words decide instead.`);
    await scorer.prepare?.(bank.all);
    const ranked = await scorer.rank(
      { facts: sentences(worry), worry, ...(mbti && { mbti }) },
      bank.all,
      top,
    );
    const matches = ranked.map(({ character: { id, name }, score, reasons }) => ({
      id,
      name,
      score,
      reasons: reasons.map(({ facet, score: share, text }) => ({ facet, score: share, text })),
    }));
    if (json) return printJson({ matches, scorer: scorer.kind });
    for (const { id, name, score, reasons } of matches) {
      printLine(`${score.toFixed(3)}  ${name} (${id})`);
      for (const { text } of reasons) printLine(`       ${text}`);
    }
  } finally {
    await scorers.close();
  }
}
