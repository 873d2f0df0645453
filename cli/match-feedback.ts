import { loadConfig } from '../app/settings.js';
import { openStore } from '../app/store.js';
import { systemClock } from '../src/clock.js';
import { facetNames } from '../src/matching/facets.js';
import { learnWeights } from '../src/matching/learned-weights.js';
import { columns, printJson, printLine } from './output.js';

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
