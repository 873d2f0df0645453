import { asPlayed } from '../../characters/played.js';
import { type Character, displayName, worryAspect } from '../../characters/schema.js';
import { styleWords } from '../guidance/attributes.js';
import { eligibleMemories } from '../memory/eligible-memories.js';
import type { HistoryLine, ScoredMemory } from '../memory/memory-selector.js';
import { promptFormat } from '../prompting/prompt-formats.js';
import { type PromptInput, type PromptMemory, type Speaker, statementOf } from '../prompting/prompt-input.js';
import { ReplyStream } from './reply-stream.js';
import { Tracer } from './trace.js';
import type { ReplyPlan } from './turn.js';
import type { TurnServices } from './turn-services.js';

export interface SelfPlayLine {
  readonly speaker: Speaker;
  readonly character: Character;
  readonly text: string;
  readonly goal: string | null;
  /** Label of the support strategy; null on the seeker's side. */
  readonly strategy: string | null;
  readonly memory: PromptMemory | null;
}

export interface SelfPlayCast {
  readonly supporter: Character;
  /** The character on the seeker's side; null where a person sits there, or nobody yet. */
  readonly seeker: Character | null;
}

/**
 * A conversation that characters play without a person: self-play (both sides), and the line with which a character
 * opens. It uses the stages of a turn — memory, strategy, style, prompt, model — and stores nothing.
 */
export class SelfPlay {
  readonly #cast: SelfPlayCast;
  readonly #services: TurnServices;
  readonly #lines: SelfPlayLine[] = [];

  constructor(cast: SelfPlayCast, services: TurnServices) {
    const { supporter, seeker } = cast;
    const played = (one: Character, other: Character | null): Character =>
      asPlayed(one, { user: other ? displayName(other) : '', seed: one.id });
    this.#cast = { supporter: played(supporter, seeker), seeker: seeker && played(seeker, supporter) };
    this.#services = services;
  }

  get lines(): readonly SelfPlayLine[] {
    return this.#lines;
  }

  /**
   * The next line of one side, piece by piece; it joins {@link lines} once it is whole.
   * @throws RapportError as {@link ReplyStream.deltas}.
   */
  async *speak(
    speaker: Speaker,
    { goal = null, signal }: { readonly goal?: string | null; readonly signal: AbortSignal },
  ): AsyncGenerator<string> {
    const { clock, metrics } = this.#services;
    const plan = await this.#plan(speaker, goal);
    const stream = new ReplyStream(plan, this.#services, new Tracer(clock, metrics));
    let text = '';
    for await (const delta of stream.deltas(signal)) {
      text += delta;
      yield delta;
    }
    const { character, input } = plan;
    if (stream.silenced !== null) {
      const instead = await this.#services.care.instead(stream.silenced, '');
      yield text === '' ? instead : `\n\n${instead}`;
      // What the platform says is no line of the character's.
      if (text === '') return;
    }
    this.#lines.push({
      speaker,
      character,
      goal,
      text: text.trim(),
      strategy: input.strategy?.label ?? null,
      memory: input.memories[0] ?? null,
    });
  }

  async #plan(speaker: Speaker, goal: string | null): Promise<ReplyPlan> {
    const { router, attributes } = this.#services;
    const character = this.#cast[speaker] ?? this.#cast.supporter;
    const partner = speaker === 'seeker' ? this.#cast.supporter : this.#cast.seeker;
    const route = router.routeFor(character);
    const memory = await this.#memory(speaker, character);
    const strategy = speaker === 'supporter' ? await this.#strategy() : undefined;
    const input: PromptInput = {
      character,
      role: speaker,
      seeker: { name: partner ? displayName(partner) : undefined, facts: [] },
      turns: this.#lines.map((line) => ({ speaker: line.speaker, text: line.text })),
      memories: memory ? [{ aspect: memory.aspect, text: memory.text }] : [],
      goal: goal ?? undefined,
      strategy,
      attributes: styleWords(character.attributes, attributes),
      shared: false,
    };
    return {
      character,
      route,
      input,
      format: promptFormat(route.format),
      rank: {
        lastMessage: this.#lines.at(-1)?.text ?? '',
        persona: statementOf(input),
        memory: memory?.text ?? null,
        goal,
      },
    };
  }

  /** The seeker begins with what worries them; later both recall what fits, by the rule against repetition. */
  async #memory(speaker: Speaker, character: Character): Promise<PromptMemory | null> {
    const { selector, config } = this.#services;
    const worry = character.memory[worryAspect];
    const own = this.#lines.filter((line) => line.speaker === speaker);
    if (speaker === 'seeker' && own.length === 0 && worry) return { aspect: worryAspect, text: worry };
    const used = own.flatMap(({ memory }) => (memory ? [memory.aspect] : []));
    const rules = { window: config.memory.repeatWindow, max: config.memory.repeatMax };
    const candidates = eligibleMemories(character, used, rules);
    if (speaker === 'seeker' && worry) candidates.push({ aspect: worryAspect, text: worry });
    const history = this.#history().slice(-config.memory.historyLines);
    if (history.length === 0 || config.memory.perTurn === 0) return null;
    const [best]: readonly ScoredMemory[] = (await selector.select(history, candidates, 1)).chosen;
    return best ?? null;
  }

  async #strategy(): Promise<NonNullable<PromptInput['strategy']>> {
    const recent = this.#lines.flatMap(({ strategy }) => strategy ?? []);
    const { label, motivation } = await this.#services.planner.infer(this.#history(), recent.slice(-8));
    return { label, motivation };
  }

  #history(): HistoryLine[] {
    return this.#lines.map(({ speaker, text }) => ({ role: speaker, text }));
  }
}
