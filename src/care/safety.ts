import type { Say } from '../../config/locale.js';
import type { Config } from '../../config/schema.js';
import type { Store } from '../state/store.js';
import { adultFrom } from './age.js';
import type { Care, Writer } from './care.js';
import { type CountServices, countCare } from './counts.js';
import { dutiesTowards } from './duties.js';

/** One question about safety with its answer, in plain words. */
export interface SafetySection {
  readonly title: string;
  readonly text: string;
}

export interface SafetyServices extends CountServices {
  readonly store: Pick<Store, 'values'>;
  readonly config: Pick<Config, 'care'>;
  readonly care: Pick<Care, 'helplines'>;
  readonly say: Say;
}

/** Paragraphs whose words are in the locale alone, in their order; helplines stand before the last two. */
const fixed = ['ai', 'watched', 'happens'] as const;

/**
 * The protocol as it is published to whoever asks: what is looked for, what happens then, that this is an AI, who helps where
 * the person is, how a human is reached, how data is deleted. Helplines shown so are counted.
 */
export async function describeSafety(
  services: SafetyServices,
  writer: Writer = {},
): Promise<readonly SafetySection[]> {
  const { say, config, care } = services;
  const section = (key: string, values: Readonly<Record<string, string | number>> = {}): SafetySection => ({
    title: say(`safety.${key}.title`),
    text: say(`safety.${key}.text`, values),
  });
  const lines = await care.helplines(writer);
  countCare(services, [{ what: 'helplines', by: 'asked' }]);
  return [
    ...fixed.map((key) => section(key)),
    ...(config.care.spoken ? [section('said')] : []),
    section('reminders', { general: every(false, services), minors: every(true, services) }),
    section('minors', { adult: adultFrom }),
    { title: say('safety.help.title'), text: lines },
    section(
      config.care.humans.to.length > 0
        ? 'humanAsked'
        : config.care.helplines.length > 0
          ? 'humanNamed'
          : 'human',
    ),
    section('data'),
  ];
}

/** The same as one text. */
export async function safetyText(services: SafetyServices, writer: Writer = {}): Promise<string> {
  const sections = await describeSafety(services, writer);
  return sections.map(({ title, text }) => `${title}\n${text}`).join('\n\n');
}

function every(minor: boolean, { say, config }: SafetyServices): string {
  const hours = dutiesTowards(config.care, minor).remindHours;
  return hours > 0 ? say('safety.every', { hours }) : say('safety.never');
}
