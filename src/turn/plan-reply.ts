import { type Character, displayName } from '../../characters/schema.js';
import { mustDisclose } from '../care/reminder.js';
import { promptFormat } from '../prompting/prompt-formats.js';
import { characterMemory, type PromptInput, type PromptTurn } from '../prompting/prompt-input.js';
import { forSmallModel } from '../prompting/small-model.js';
import type { SessionState } from '../state/session.js';
import { nextGoal } from '../steering/steer.js';
import type { SteeringState } from '../steering/steering-state.js';
import type { SteeringTable } from '../steering/steering-table.js';
import { styleWords } from '../style/attributes.js';
import { withoutControls } from './control-messages.js';
import { matchStage } from './match-stage.js';
import { memoryStage, recentLines } from './memory-stage.js';
import type { TurnPlan } from './reply-plan.js';
import { sessionWithout } from './session-without.js';
import type { Tracer } from './tracer.js';
import type { TurnInput } from './turn-input.js';
import type { TurnServices } from './turn-services.js';

const rememberedPicks = 8;

/**
 * The stages between care and the model: match → memory → strategy → steer → style → prompt input.
 * @param steering the state after this turn's control codes.
 */
export async function planReply(
  input: TurnInput,
  steering: SteeringState,
  services: TurnServices,
  tracer: Tracer,
): Promise<TurnPlan> {
  const { router, planner, config, care } = services;
  const { character, reasons, offer } = await tracer.run('match', () => matchStage(input, services));
  const before = input.session?.characterId
    ? input.session
    : firstSession(input, character, reasons, services);
  const [recalled, strategy] = await Promise.all([
    tracer.run('memory', () => memoryStage(input, character, services)),
    tracer.run('strategy', async () => {
      const planned = await planner.infer(
        recentLines(input, 2 * config.turn.historyTurns),
        before.recentStrategies,
      );
      const { by = planner.kind, ...plan } = planned;
      return [planned, { kind: by, ...plan }] as const;
    }),
  ]);
  const steered = await tracer.run('steer', () => {
    const next = nextGoal(steering);
    return [next, { goal: next.goal, source: next.source, left: next.state.queue.length }] as const;
  });
  const route = router.routeFor(character);
  const format = promptFormat(route.format);
  const attributes = await tracer.run('style', () => {
    const asked = before.style ?? {};
    const set = { ...character.attributes, ...asked };
    const words = styleWords(set, services.attributes);
    return [words, { attributes: set, ...(Object.keys(asked).length > 0 && { asked }) }] as const;
  });
  const [memory] = recalled.character;
  const name = displayName(character);
  const whole: PromptInput = {
    character,
    seeker: {
      name: seekerName(input),
      facts: (input.profile?.persona.facts ?? []).slice(0, 5),
      statement: input.profile?.persona.worry,
    },
    turns: promptTurns(input, before, services.steering),
    memories: [...recalled.character, ...recalled.user].map(({ aspect, text }) => ({ aspect, text })),
    goal: steered.goal ?? undefined,
    strategy: { label: strategy.label, motivation: strategy.motivation },
    attributes,
    shared: before.shared,
  };
  const now = services.clock.now();
  const tell = mustDisclose(before, config.care.disclosureEveryHours, now);
  const prompt = route.demo ? forSmallModel(whole) : whole;
  return {
    character,
    route,
    format,
    offer,
    preface: tell ? care.disclosure(name) : '',
    input: prompt,
    rank: {
      lastMessage: input.text,
      persona: prompt.character.supporterStatement,
      memory: characterMemory(prompt)?.text ?? null,
      goal: steered.goal,
    },
    opened: before,
    session: {
      ...before,
      title: before.turnCount === 0 ? titleOf(input.text) : before.title,
      updatedAt: now,
      turnCount: before.turnCount + 1,
      address: input.messages[0].address,
      disclosed: true,
      ...(tell && { disclosedAt: now }),
      steering: steered.state,
      recentAspects: [...before.recentAspects, ...(memory ? [memory.aspect] : [])].slice(-rememberedPicks),
      recentStrategies: [...before.recentStrategies, strategy.label].slice(-rememberedPicks),
      ...(offer && { offeredCharacterId: offer.character.id }),
    },
  };
}

/** A session that nobody opened beforehand, or that has had no character yet, begins with its first reply. */
function firstSession(
  input: TurnInput,
  character: Character,
  matchReasons: SessionState['matchReasons'],
  services: TurnServices,
): SessionState {
  const fresh = {
    ...sessionWithout(input, services.clock.now(), services.say),
    characterId: character.id,
    matchReasons,
  };
  return { ...fresh, title: services.say('session.title', { name: displayName(character) }) };
}

/** The transcript as prompt turns with the new message at the end. Notices are the platform's words, not the character's. */
function promptTurns(input: TurnInput, session: SessionState, table: SteeringTable): PromptTurn[] {
  const past = input.transcript.flatMap(({ role, text, speakerName, action, undelivered }): PromptTurn[] => {
    const line = role === 'seeker' ? withoutControls(text, table) : text;
    return role === 'notice' || line === '' || undelivered
      ? []
      : [{ speaker: role, text: line, action, ...(session.shared && { name: speakerName }) }];
  });
  const asked = session.shared
    ? input.lines.map(({ speakerName, text }) => ({ speaker: 'seeker' as const, text, name: speakerName }))
    : [{ speaker: 'seeker' as const, text: input.text }];
  return [...past, ...asked];
}

function seekerName(input: TurnInput): string | undefined {
  return input.messages[0].shared
    ? undefined
    : input.profile?.persona.name || input.messages[0].speakerName || undefined;
}

const titleLength = 60;

/** The first words of a conversation, as its name in lists. */
function titleOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line.length <= titleLength) return line;
  const cut = line.slice(0, titleLength);
  return `${cut
    .slice(0, Math.max(cut.lastIndexOf(' '), titleLength / 2))
    .toWellFormed()
    .trimEnd()} …`;
}
