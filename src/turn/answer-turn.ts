import { displayName } from '../../characters/schema.js';
import { RapportError, reasonOf } from '../../config/errors.js';
import type { ReplyAddress } from '../delivery/adapter.js';
import { deliver } from '../delivery/deliver.js';
import type { DeliveryResult } from '../delivery/delivery-options.js';
import { typeOnce } from '../delivery/typing.js';
import type { SessionState, TranscriptEntry } from '../state/session.js';
import type { TurnTrace } from '../state/trace.js';
import type { Controls } from './control-messages.js';
import { readEmotion } from './emotion-stage.js';
import { planReply } from './plan-reply.js';
import type { ReplyPlan, TurnPlan } from './reply-plan.js';
import { sessionWithout } from './session-without.js';
import { Speech } from './speech.js';
import { round, Tracer } from './tracer.js';
import { type Said, seekerEntries, spokenEntries } from './turn-entries.js';
import type { TurnInput } from './turn-input.js';
import type { TurnWork } from './turn-runner.js';

/** What a turn came to; committed by the runner. */
export interface TurnOutcome {
  readonly kind: 'reply' | 'notice' | 'failed' | 'stopped' | 'interrupted' | 'resumed' | 'undelivered';
  readonly session: SessionState;
  readonly entries: readonly TranscriptEntry[];
  /** Entries that a regenerated reply replaces. */
  readonly removed: readonly string[];
  /** What went wrong, when the person had to be told or could not be reached. */
  readonly error?: RapportError;
}

/**
 * care → controls → plan → model → delivery. Never throws for what a person can be told about: a model that fails becomes
 * a notice, and the person's message is kept.
 */
export async function answerTurn(input: TurnInput, controls: Controls, work: TurnWork): Promise<TurnOutcome> {
  const { services } = work;
  const tracer = new Tracer(services.clock, services.metrics);
  const care = await tracer.run('care', async () => {
    const texts = [...input.messages.map(({ text }) => text), input.text];
    const answer = await services.care.answer(texts, work.lease.sessionId);
    return [answer, { crisis: answer?.kind ?? null }] as const;
  });
  if (care) {
    services.metrics.careAnswers.inc({ kind: care.kind });
    return {
      ...(await sayNotices([care.text], input, controls, work)),
      removed: input.replaced.map(({ id }) => id),
    };
  }
  if (input.text === '')
    return controls.notices.length > 0 || input.messages[0].kind === 'message'
      ? sayNotices(
          controls.notices.length > 0 ? controls.notices : [services.say('session.help')],
          input,
          controls,
          work,
        )
      : unchanged(input, work);
  // People see that they are heard before it is known who will answer and how.
  const typedAt = services.clock.elapsed();
  void typeOnce({ adapter: work.adapter, address: addressOf(input), logger: services.logger });
  let plan: TurnPlan;
  try {
    plan = await planReply(input, controls.steering, services, tracer);
    await keepDecisions(plan, input, work);
  } catch (error) {
    if (isStoreTrouble(error)) throw error;
    services.logger.error(
      {
        session: work.lease.sessionId,
        reason: reasonOf(error),
        stack: error instanceof Error ? error.stack : undefined,
      },
      'planning the reply failed',
    );
    const coded =
      error instanceof RapportError
        ? error
        : new RapportError('RAPPORT_E_INTERNAL', { reference: input.turnId }, error);
    const notice = typeof work.notes.failure === 'string' ? work.notes.failure : work.notes.failure(coded);
    return { ...(await sayNotices([notice], input, controls, work)), kind: 'failed', error: coded };
  }
  return speak(plan, input, controls, work, tracer, typedAt);
}

async function speak(
  plan: ReplyPlan,
  input: TurnInput,
  controls: Controls,
  work: TurnWork,
  tracer: Tracer,
  typedAt: number,
): Promise<TurnOutcome> {
  const { services } = work;
  const speech = new Speech(plan, services, tracer);
  const before = [...controls.notices, ...(plan.preface ? [plan.preface] : [])];
  const after = plan.offer
    ? [services.say('match.offer', { name: plan.offer.character.name, reason: plan.offer.reason })]
    : [];
  const showOffer = after.length > 0 && !work.adapter.capabilities.ownOffers;
  const signal = AbortSignal.any([work.stop, work.abandon]);
  const startedAt = services.clock.elapsed();
  let spoken = '';
  let read: Promise<unknown> = Promise.resolve();
  async function* text(): AsyncGenerator<string> {
    let first = true;
    for await (const delta of speech.deltas(signal)) {
      // Nothing of the reply hangs on it, so the first word does not wait for it.
      if (first) read = readEmotion(input.text, services, tracer);
      if (first && before.length > 0) yield `${before.join('\n\n')}\n\n`;
      first = false;
      spoken += delta;
      yield delta;
    }
    if (showOffer) yield `\n\n${after.join('\n\n')}`;
  }
  const delivered = await sendText(text(), 'reply', input, plan, work, typedAt);
  await read;
  const name = displayName(plan.character);
  const trace = traceOf(plan, speech, delivered, tracer, services.clock.elapsed() - startedAt);
  if (speech.report.ttftMs > 0)
    services.metrics.timeToFirstToken.observe({ route: plan.route.id }, speech.report.ttftMs / 1_000);
  const said = spoken.trim();
  const status = delivered.status;
  const failed = said === '' && status !== 'stopped';
  const entry: Said = {
    turnId: input.turnId,
    speakerName: name,
    at: services.clock.now(),
    before: said === '' ? controls.notices : before,
    thoughts: speech.thoughts.map((thought) => thought.text.trim()),
    ...(said !== '' && { reply: { text: said, status } }),
    after: failed ? [failureNotice(delivered, work)] : said === '' ? [] : after,
    trace,
  };
  return {
    kind: failed ? 'failed' : status === 'complete' ? 'reply' : status,
    session: said === '' ? unspoken(plan, input, controls) : plan.session,
    entries: [...seekerEntries(input.messages, input.turnId), ...spokenEntries(entry)],
    removed: removedBy(said, input),
    ...(delivered.error && { error: delivered.error }),
  };
}

function failureNotice({ error }: DeliveryResult, { notes }: TurnWork): string {
  const shown = error ?? new RapportError('RAPPORT_E_MODEL_EMPTY', { attempts: 1 });
  return typeof notes.failure === 'string' ? notes.failure : notes.failure(shown);
}

/** A turn in which only the platform speaks. */
async function sayNotices(
  notices: readonly string[],
  input: TurnInput,
  controls: Controls,
  work: TurnWork,
): Promise<TurnOutcome> {
  const { services } = work;
  const before = sessionWithout(input, services.clock.now(), services.say);
  async function* text(): AsyncGenerator<string> {
    yield notices.join('\n\n');
  }
  await sendText(text(), 'notice', input, null, work);
  const at = services.clock.now();
  return {
    kind: 'notice',
    session: {
      ...before,
      steering: controls.steering,
      turnCount: before.turnCount + 1,
      updatedAt: at,
      address: input.messages[0].address,
    },
    entries: [
      ...seekerEntries(input.messages, input.turnId),
      ...spokenEntries({ turnId: input.turnId, speakerName: '', at, before: notices }),
    ],
    removed: [],
  };
}

/** Nothing was asked that could be regenerated. */
function unchanged(input: TurnInput, { services }: TurnWork): TurnOutcome {
  const before = sessionWithout(input, services.clock.now(), services.say);
  return {
    kind: 'notice',
    session: { ...before, turnCount: before.turnCount + 1 },
    entries: [],
    removed: [],
  };
}

/** Where the reply goes: to the message that came last. */
function addressOf({ messages }: TurnInput): ReplyAddress {
  return (messages.at(-1) ?? messages[0]).address;
}

function sendText(
  text: AsyncIterable<string>,
  kind: 'reply' | 'notice',
  input: TurnInput,
  plan: ReplyPlan | null,
  work: TurnWork,
  typedAt?: number,
): Promise<DeliveryResult> {
  const { services, adapter, buckets, lease, notes, stop, abandon, resume } = work;
  const { clock, logger, store, config } = services;
  const character = plan?.character;
  const instant = adapter.capabilities.minEditIntervalMs === 0;
  return deliver({
    adapter,
    buckets,
    lease,
    notes,
    abandon,
    resume,
    clock,
    logger,
    store,
    text,
    kind,
    typedAt,
    signal: stop,
    sessionId: lease.sessionId,
    turnId: input.turnId,
    address: addressOf(input),
    speaker: {
      name: character ? displayName(character) : 'Rapport',
      ...(character && { avatar: character.avatar }),
    },
    ...(plan?.offer && { offer: plan.offer.character }),
    covers: input.messages.map(({ id }) => id),
    limits: instant
      ? { flushMs: 0, flushChars: 1 }
      : {
          firstFlushMs: config.delivery.flushMs,
          flushMs: Math.max(config.delivery.flushMs, adapter.capabilities.minEditIntervalMs),
          flushChars: config.delivery.flushChars,
        },
  });
}

/**
 * Who was matched and what was offered is stored before the first word, so that a turn that is taken up after a crash
 * speaks as the same character.
 */
async function keepDecisions(plan: TurnPlan, input: TurnInput, { services, lease }: TurnWork): Promise<void> {
  const { sessions } = services.store;
  const { opened, offer } = plan;
  if (!input.session) await sessions.create(opened, [], lease);
  else if (!input.session.characterId) {
    const { characterId, matchReasons, title } = opened;
    await sessions.update(opened.id, { characterId, matchReasons, title });
  }
  if (offer) await sessions.update(opened.id, { offeredCharacterId: offer.character.id });
}

/** The session after a turn in which the character said nothing: what would have been used up is kept for the next one. */
function unspoken(plan: ReplyPlan, { session }: TurnInput, { steering }: Controls): SessionState {
  const { disclosedAt: _, ...rest } = plan.session;
  return {
    ...rest,
    steering,
    recentAspects: session?.recentAspects ?? [],
    recentStrategies: session?.recentStrategies ?? [],
    disclosed: session?.disclosed ?? false,
    ...(session?.disclosedAt !== undefined && { disclosedAt: session.disclosedAt }),
  };
}

/** A new reply replaces the old one and its apologies; a new apology only the old apologies. */
function removedBy(said: string, { replaced }: TurnInput): string[] {
  return replaced.filter(({ role }) => said !== '' || role === 'notice').map(({ id }) => id);
}

function traceOf(
  plan: ReplyPlan,
  speech: Speech,
  delivered: DeliveryResult,
  tracer: Tracer,
  deliveryMs: number,
): TurnTrace {
  const { fitted, ttftMs, attempts, finishReason, completionTokens } = speech.report;
  const { route } = plan;
  return {
    stages: [
      ...tracer.stages,
      {
        stage: 'prompt',
        ms: 0,
        decision: {
          format: route.format,
          tokens: fitted?.promptTokens ?? 0,
          exact: fitted?.exact ?? false,
          droppedTurns: fitted?.droppedTurns ?? 0,
          floor: fitted?.floor ?? false,
        },
      },
      {
        stage: 'model',
        ms: ttftMs,
        decision: {
          route: route.id,
          name: route.modelName,
          demo: route.demo,
          attempts,
          finishReason,
          completionTokens,
        },
      },
      {
        stage: 'delivery',
        ms: round(deliveryMs),
        decision: { messages: delivered.segments.length, status: delivered.status },
      },
    ],
    model: {
      route: route.id,
      name: route.modelName,
      format: route.format,
      demo: route.demo,
      promptTokens: fitted?.promptTokens ?? 0,
      promptTokensExact: fitted?.exact ?? false,
      droppedTurns: fitted?.droppedTurns ?? 0,
      attempts,
      finishReason,
      ttftMs,
    },
    totalMs: tracer.elapsedMs,
  };
}

function isStoreTrouble(error: unknown): boolean {
  return (
    error instanceof RapportError &&
    (error.code === 'RAPPORT_E_STORE_UNAVAILABLE' || error.code === 'RAPPORT_E_LEASE_LOST')
  );
}
