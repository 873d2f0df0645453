import { asPlayed } from '../../characters/played.js';
import { displayName } from '../../characters/schema.js';
import type { SteeringTable } from '../../config/steering.js';
import { afterReply } from '../care/aftermath.js';
import { dutiesTowards } from '../care/duties.js';
import { mustDisclose, wasTold } from '../care/reminder.js';
import type { KnownFact } from '../memory/known-facts.js';
import { longAgo } from '../memory/said-when.js';
import { promptFormat } from '../prompting/prompt-formats.js';
import {
  characterMemory,
  type PromptInput,
  type PromptMemory,
  type PromptTurn,
  toldText,
  userAspect,
} from '../prompting/prompt-input.js';
import { forSmallModel } from '../prompting/small-model.js';
import type { SessionState } from '../state/session.js';
import { fitCard } from './fit-card.js';
import { senseOfTime } from './sense-of-time.js';
import { withoutControls } from './stages/controls.js';
import type { Draft } from './stages/stage.js';
import type { TurnInput, TurnPlan } from './turn.js';
import type { TurnServices } from './turn-services.js';
import { wishedRoute } from './wished-route.js';

const rememberedPicks = 8;

/** What the stages found, as a prompt for the character's model and as what becomes of the session. */
export function planReply(draft: Draft, services: TurnServices): TurnPlan {
  const { router, config, care } = services;
  const { input } = draft;
  const { character, offer, opened } = draft.of('match');
  const recalled = draft.of('memory');
  const strategy = draft.of('strategy');
  const next = draft.of('goal');
  const { gentle, low, offer: helpline } = draft.of('care');
  const now = services.clock.now();
  const wishes = input.messages.at(-1)?.wishes;
  const route = wishedRoute(router.routeFor(character), wishes);
  const [memory] = recalled.character;
  const time = senseOfTime(input, now);
  const factsFrom = (source: KnownFact['from']): PromptMemory[] =>
    recalled.known
      .filter(({ from }) => from === source)
      .map((fact) => ({ aspect: userAspect, text: fact.text, told: time.told(fact), read: fact.read }));
  const played = asPlayed(character, { user: seekerName(input) ?? '', seed: opened.id });
  const whole: PromptInput = {
    character: fitCard(played, route.contextTokens),
    seeker: {
      name: seekerName(input),
      facts: factsFrom('form').map(toldText),
      fitting: recalled.known
        .filter(({ fits }) => fits)
        .map((fact) => toldText({ text: fact.text, told: time.told(fact) })),
      statement: input.profile?.persona.worry,
    },
    turns: promptTurns(input, opened, displayName(character), services.steering),
    memories: [
      ...recalled.character.map(({ aspect, text }) => ({ aspect, text })),
      ...factsFrom('remembered'),
    ],
    ...(recalled.lore.length > 0 && { lore: recalled.lore }),
    today: time.today,
    lastWrote: time.lastWrote,
    ...(recalled.summary !== null && { summary: recalled.summary.text }),
    ...(recalled.earlier.length > 0 && {
      earlier: recalled.earlier.map(({ by, text, after, at }) => ({
        speaker: by === 'person' ? ('seeker' as const) : ('supporter' as const),
        text,
        after: after ?? undefined,
        when: longAgo(at, now),
      })),
    }),
    goal: next.goal ?? undefined,
    strategy: { label: strategy.label, motivation: strategy.motivation },
    attributes: draft.of('style'),
    shared: opened.shared,
    ...(wishes?.begun && { begun: wishes.begun.trim() }),
    ...(gentle && { care: true }),
    ...(input.minor && { minor: true }),
  };
  // Who asks for another reply has written nothing new.
  const after = input.asked ? opened.care : afterReply(opened.care, low, now);
  const { remindHours, suggestsBreak } = dutiesTowards(config.care, input.minor);
  const tell = mustDisclose(opened, remindHours, now);
  const prompt = route.demo ? forSmallModel(whole) : whole;
  return {
    character,
    route,
    offer,
    opened,
    format: promptFormat(route.format),
    helpline,
    stop: wishes?.stop,
    preface: tell ? care.disclosure(displayName(character), suggestsBreak && wasTold(opened)) : '',
    input: prompt,
    rank: {
      lastMessage: input.text,
      ...(gentle && { gentle }),
      persona: prompt.character.supporterStatement,
      memory: characterMemory(prompt)?.text ?? null,
      goal: next.goal,
      toldBack: recalled.toldBack,
      selfAnswers: character.selfAnswers,
      avoid: [
        ...[...input.transcript, ...draft.start.replaced].flatMap(({ role, text }) =>
          role === 'supporter' ? [text] : [],
        ),
        ...(whole.begun ? [whole.begun] : []),
      ],
    },
    change: {
      title: opened.turnCount === 0 ? titleOf(input.text) : opened.title,
      address: input.messages[0].address,
      ...(after && { care: after }),
      ...(offer && { offeredCharacterId: offer.character.id }),
    },
    spent: {
      disclosed: true,
      ...(helpline !== null && after && { care: { ...after, shownAt: now } }),
      ...(tell && { disclosedAt: now }),
      steering: next.state,
      recentAspects: [...opened.recentAspects, ...(memory ? [memory.aspect] : [])].slice(-rememberedPicks),
      recentStrategies: [...opened.recentStrategies, strategy.label].slice(-rememberedPicks),
    },
  };
}

/** The transcript as prompt turns with the new message at the end. Notices are the platform's words, not the character's. */
function promptTurns(
  input: TurnInput,
  session: SessionState,
  speaker: string,
  table: SteeringTable,
): PromptTurn[] {
  const past = input.transcript.flatMap(({ role, text, speakerName, action, undelivered }): PromptTurn[] => {
    const line = role === 'seeker' ? withoutControls(text, table) : text;
    return role === 'notice' || line === '' || undelivered
      ? []
      : [
          {
            speaker: role,
            text: line,
            action,
            ...(session.shared && { name: speakerName }),
            ...(role === 'supporter' &&
              speakerName !== '' &&
              speakerName !== speaker && { name: speakerName, other: true }),
          },
        ];
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
