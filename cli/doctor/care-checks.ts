import { type Check, failedCheck } from '../../adapters/platform.js';
import { helplineMaxDays, loadHelplines, staleHelplines } from '../../config/helplines.js';
import { laws } from '../../config/law.js';
import type { LoadedConfig } from '../../config/load.js';

/** Below, nearly everything is an alarm; above, hints are missed (models/care has the curves). */
const sensible = { least: 0.15, most: 0.6 } as const;
/** Helplines named in one line. */
const maxNamed = 5;

/**
 * What whoever is in danger depends on: the reader, its threshold, helplines that are true, and where people are.
 * @param defaults the settings of whoever has changed none.
 */
export function careChecks(
  { config, secrets }: LoadedConfig,
  defaults: LoadedConfig['config'],
  now: number,
): Check[] {
  const { care, scorers } = config;
  const hasCommunities = [secrets.DISCORD_TOKEN, secrets.SLACK_BOT_TOKEN, secrets.SLACK_CLIENT_ID].some(
    Boolean,
  );
  return [
    lawCheck(care),
    readerCheck(scorers),
    thresholdCheck(care.threshold, defaults.care.threshold),
    helplinesCheck(now),
    countryCheck(care.country, hasCommunities),
    // One line less on the screen of whoever has named nobody.
    ...(care.humans.to.length > 0 ? [humansCheck(care.humans, secrets)] : []),
  ];
}

function lawCheck({ jurisdiction, spoken }: LoadedConfig['config']['care']): Check {
  const { title, judgesSpeech } = laws[jurisdiction];
  const detail = `${jurisdiction}: ${title}`;
  if (spoken || !judgesSpeech) return { name: 'law', state: 'ok', detail };
  return {
    name: 'law',
    state: 'warning',
    detail: `${detail}; it asks for limits on what a character says, and care.spoken is off`,
    cure: 'Set care.spoken to true.',
  };
}

function readerCheck({ reader, careReader }: LoadedConfig['config']['scorers']): Check {
  const name = 'care reader';
  if (reader !== 'off' && careReader !== 'off') return { name, state: 'ok', detail: careReader };
  return {
    name,
    state: 'warning',
    detail: 'off: danger is found by explicit rules alone, which know no hints',
    cure: 'Set scorers.reader and scorers.careReader back to their defaults (models/reader, models/care).',
  };
}

function thresholdCheck(threshold: number, usual: number): Check {
  const name = 'care threshold';
  if (threshold >= sensible.least && threshold <= sensible.most)
    return { name, state: 'ok', detail: String(threshold) };
  const effect =
    threshold < sensible.least ? 'ordinary talk will raise alarms' : 'people in danger will be missed';
  return {
    name,
    state: 'warning',
    detail: `${threshold}: ${effect}`,
    cure: `Set care.threshold between ${sensible.least} and ${sensible.most}; ${usual} is the default.`,
  };
}

function helplinesCheck(now: number): Check {
  const name = 'helplines';
  try {
    const table = loadHelplines();
    const { old, unconfirmed } = staleHelplines(table, now);
    const detail = `of ${table.size - 1} countries, ${unconfirmed.length} lines unconfirmed`;
    if (old.length === 0) return { name, state: 'ok', detail };
    const more = old.length > maxNamed ? ` and ${old.length - maxNamed} more` : '';
    return {
      name,
      state: 'warning',
      detail: `${detail}; checked more than ${helplineMaxDays} days ago: ${old.slice(0, maxNamed).join(', ')}${more}`,
      cure: 'Update Rapport, or check those of your country at their source and note the day in config/helplines.',
    };
  } catch (error) {
    return failedCheck(name, error);
  }
}

function countryCheck(country: string, hasCommunities: boolean): Check {
  const name = 'country';
  if (country !== '') return { name, state: 'ok', detail: `${country} where nothing else tells it` };
  return {
    name,
    state: hasCommunities ? 'warning' : 'off',
    detail:
      'none set: where nothing tells where somebody is, they get the international helplines and are asked',
    cure: 'Set care.country to the two letters of where most of your people are, for example DE.',
  };
}

function humansCheck(
  { to, escalateMinutes }: LoadedConfig['config']['care']['humans'],
  secrets: LoadedConfig['secrets'],
): Check {
  const name = 'humans';
  const detail = `${to.length} places, one after the other every ${escalateMinutes} min`;
  const hasSlack = secrets.SLACK_BOT_TOKEN !== undefined || secrets.SLACK_CLIENT_ID !== undefined;
  const unserved = [
    ...(to.some((place) => 'discord' in place) && secrets.DISCORD_TOKEN === undefined ? ['Discord'] : []),
    ...(to.some((place) => 'slack' in place) && !hasSlack ? ['Slack'] : []),
  ];
  if (unserved.length === 0) return { name, state: 'ok', detail };
  return {
    name,
    state: 'warning',
    detail: `${detail}; not set up: ${unserved.join(', ')}`,
    cure: 'Set it up, or take its places out of care.humans.to.',
  };
}
