import type { Face } from '../../adapters/terminal/face.js';
import type { LineInput } from '../../adapters/terminal/line-input.js';
import { pickGoal, playLine } from '../../adapters/terminal/talk.js';
import type { Core } from '../../app/core.js';
import { type Character, displayName } from '../../characters/schema.js';
import { RapportError } from '../../config/errors.js';
import type { Speaker } from '../../src/prompting/prompt-input.js';
import { SelfPlay, type SelfPlayLine } from '../../src/turn/self-play.js';
import { printJson } from '../output.js';

export type SceneMode = 'goals' | 'selfplay';

/** Exchanges where `--turns` does not say. */
const usualTurns = 8;

export interface SceneOptions {
  readonly core: Core;
  readonly mode: SceneMode;
  readonly character?: string;
  readonly with?: string;
  readonly turns?: number;
  readonly json?: boolean;
  readonly face: Face;
  readonly input: LineInput;
  readonly signal: AbortSignal;
}

/**
 * Two characters talk. In self-play the seeker begins; by goals (PersonaGPT's mode 1) the supporter does, led by the goal
 * picked for each turn. Nothing is stored.
 */
export async function runScene(options: SceneOptions): Promise<void> {
  const { core, mode, face, input, signal, turns = usualTurns } = options;
  const { services } = core;
  const supporter = characterOf(core, options.character);
  const seeker = characterOf(core, options.with);
  const scene = new SelfPlay({ supporter, seeker }, services);
  const order: readonly Speaker[] = mode === 'selfplay' ? ['seeker', 'supporter'] : ['supporter', 'seeker'];
  const names: Readonly<Record<Speaker, string>> = {
    supporter: displayName(supporter),
    seeker: displayName(seeker),
  };
  if (services.router.routeFor(supporter).demo) face.aside(services.say('demoModel'));
  face.aside(services.say('terminal.scene', { supporter: names.supporter, seeker: names.seeker }));
  try {
    for (let turn = 0; turn < turns; turn++)
      for (const speaker of order) {
        const goal =
          mode === 'goals' && speaker === 'supporter' ? await pickGoal({ face, services }, input) : undefined;
        if (goal === null) return;
        await playLine(scene, speaker, names[speaker], { goal: goal ?? null, signal, face });
        face.end();
      }
  } finally {
    if (options.json)
      printJson({ mode, supporter: named(supporter), seeker: named(seeker), lines: scene.lines.map(line) });
  }
}

function characterOf({ bank }: Core, id = ''): Character {
  const character = bank.get(id);
  if (!character) throw new RapportError('RAPPORT_E_CHARACTER_UNKNOWN', { id });
  return character;
}

function named({ id, name }: Character): Record<string, string> {
  return { id, name };
}

function line({ speaker, character, text, goal, strategy, memory }: SelfPlayLine): Record<string, unknown> {
  return { speaker, characterId: character.id, text, goal, strategy, memory: memory?.aspect ?? null };
}
