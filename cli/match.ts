import { createScorers } from '../app/scorers.js';
import { loadConfig, loadLocale } from '../app/settings.js';
import { openStore } from '../app/store.js';
import { configuredBank } from '../characters/bank.js';
import { RapportError } from '../config/errors.js';
import { sentences } from '../inference/onnx/character-texts.js';
import { systemClock } from '../src/clock.js';
import { facetNames } from '../src/matching/facets.js';
import { learnWeights } from '../src/matching/learned-weights.js';
import { columns, printJson, printLine, printNote } from './output.js';
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

/** Observations listed, the latest; as many as are learned from. */
const most = 5_000;

/** What this deployment's own feedback says about what makes a match good, and with `--json` the observations it rests on. */
export async function matchFeedback({ json }: { readonly json?: boolean }): Promise<void> {
  const loaded = loadConfig();
  const { weights, learning } = loaded.config.matching;
  const store = await openStore(loaded);
  try {
    const observations = await store.matching.observations(most);
    const [latest] = observations;
    const { ratings, conversations, mean, deviation } = learnWeights(weights, observations, {
      scorer: latest?.scorer ?? 'encoder',
      now: systemClock.now(),
    });
    const active = learning.enabled && ratings >= learning.minRatings;
    const learned = Object.fromEntries(
      facetNames.map((name) => [name, { mean: mean[name], deviation: deviation[name] }]),
    );
    if (json)
      return printJson({
        learning: { ...learning, active },
        ratings,
        conversations,
        weights: { configured: weights, learned },
        observations,
      });
    printLine(
      active
        ? `Matches follow what ${ratings} ratings of ${conversations} conversations have shown.`
        : `Matches follow the configured weights (${learning.enabled ? `${ratings} of ${learning.minRatings} ratings` : 'matching.learning.enabled is false'}).`,
    );
    printLine(
      columns([
        ['facet', 'configured', 'learned', '±'],
        ...facetNames.map((name) => [
          name,
          String(weights[name]),
          mean[name].toFixed(2),
          deviation[name].toFixed(2),
        ]),
      ]),
    );
  } finally {
    await store.close();
  }
}
