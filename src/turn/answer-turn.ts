import { displayName } from '../../characters/schema.js';
import { framesOf, kindOf, RapportError } from '../../config/errors.js';
import { afterAlarm } from '../care/aftermath.js';
import { deliver } from '../delivery/deliver.js';
import type { DeliveryResult } from '../delivery/delivery-options.js';
import { avatarOf } from '../delivery/face-url.js';
import { typeOnce } from '../delivery/typing.js';
import type { ReplyAddress } from '../state/address.js';
import type { CareAnswer } from '../state/risk.js';
import { wasSaid } from './at-once.js';
import { endTurn, sessionWithout } from './outcome.js';
import { planReply } from './plan-reply.js';
import { ReplyStream } from './reply-stream.js';
import { beginWith, chosenBefore } from './stages/match.js';
import { Draft } from './stages/stage.js';
import { runPhase, stages } from './stages/stages.js';
import { Tracer, traceOf } from './trace.js';
import type { TurnInput, TurnOutcome, TurnPlan, TurnStart, TurnWork } from './turn.js';

/** One turn on its way: what it starts from, what its stages have found, and what it works with. */
interface Running {
  readonly draft: Draft;
  readonly work: TurnWork;
  readonly tracer: Tracer;
}

/**
 * care → controls → match → memory, strategy, goal, style → model → delivery; the stages are listed in stages/stages.ts.
 * Never throws for what a person can be told about: a model that fails becomes a notice, and the person's message is kept.
 */
export async function answerTurn(start: TurnStart, work: TurnWork): Promise<TurnOutcome> {
  const { services } = work;
  const tracer = new Tracer(services.clock, services.metrics);
  const draft = new Draft(start);
  const turn: Running = { draft, work, tracer };
  await runPhase('care', draft, services, tracer);
  await runPhase('hear', draft, services, tracer);
  const { answer } = draft.of('care');
  if (answer) return answerInDanger(answer, turn);
  const { input } = draft;
  const { notices } = draft.of('controls');
  if (input.text === '') {
    if (notices.length > 0) return sayNotices(notices, turn);
    return start.messages[0].kind === 'message'
      ? sayNotices([services.say('session.help')], turn)
      : unchanged(input, work);
  }
  // People see that they are heard before it is known who will answer and how.
  const typedAt = services.clock.elapsed();
  void typeOnce({ adapter: work.adapter, address: addressOf(start), logger: services.logger });
  let plan: TurnPlan;
  try {
    await runPhase('match', draft, services, tracer);
    await runPhase('plan', draft, services, tracer);
    plan = planReply(draft, services);
    await keepDecisions(plan, input, work);
  } catch (error) {
    if (isStoreTrouble(error)) throw error;
    services.logger.error(
      {
        session: work.lease.sessionId,
        reason: kindOf(error),
        stack: framesOf(error),
      },
      'planning the reply failed',
    );
    const coded =
      error instanceof RapportError
        ? error
        : new RapportError('RAPPORT_E_INTERNAL', { reference: start.turnId }, error);
    const { truth } = draft.of('care');
    const told = [...(truth === null ? [] : [truth]), failureNotice(coded, work)];
    return { ...(await sayNotices(told, turn)), kind: 'failed', error: coded };
  }
  return speak(plan, turn, typedAt);
}

/** The platform answers: what was said at once is only put on record, what was not is said now. */
async function answerInDanger(answer: CareAnswer, turn: Running): Promise<TurnOutcome> {
  const { draft, work } = turn;
  const { start } = draft;
  const { services, adapter, abandon } = work;
  services.metrics.careAnswers.inc({ kind: answer.kind });
  const direct = start.asked ? [] : start.messages.flatMap((message) => (message.care ? [message] : []));
  const unsaid: string[] = [];
  for (const message of direct)
    if (message.care && !(await wasSaid(adapter, message, message.care, services, abandon)))
      unsaid.push(message.care.text);
  const { notices } = draft.of('controls');
  const say = [...(direct.length === 0 ? [answer.text] : unsaid), ...notices];
  // The stop was for the reply before it.
  const unstopped = { ...turn, work: { ...work, stop: new AbortController().signal } };
  const outcome = await sayNotices([answer.text, ...notices], unstopped, [...new Set(say)]);
  return {
    ...outcome,
    session: { ...outcome.session, care: afterAlarm(start.session?.care, answer, services.clock.now()) },
    removed: start.replaced.map(({ id }) => id),
  };
}

async function speak(plan: TurnPlan, turn: Running, typedAt: number): Promise<TurnOutcome> {
  const { draft, work, tracer } = turn;
  const { services } = work;
  const controls = draft.of('controls');
  // The truth does not wait for a model, nor for whether one answers.
  const { truth } = draft.of('care');
  const stream = new ReplyStream(plan, services, tracer, truth !== null);
  const atOnce = truth === null ? [] : [...controls.notices, truth];
  const said = { text: '', failure: null as RapportError | null };
  const before = [...(truth === null ? controls.notices : atOnce), ...(plan.preface ? [plan.preface] : [])];
  const helpline = plan.helpline === null ? [] : [services.say('care.offered', { offer: plan.helpline })];
  const offer = plan.offer
    ? [services.say('match.offer', { name: plan.offer.character.name, reason: plan.offer.reason })]
    : [];
  let after = [...helpline, ...offer];
  const signal = AbortSignal.any([work.stop, work.abandon]);
  const startedAt = services.clock.elapsed();
  let alongside: Promise<void> = Promise.resolve();
  async function* text(): AsyncGenerator<string> {
    if (atOnce.length > 0) yield atOnce.join('\n\n');
    let first = true;
    try {
      for await (const delta of stream.deltas(signal)) {
        if (delta === '') continue;
        // Nothing of the reply hangs on it, so the first word does not wait for it.
        if (first) alongside = runPhase('speak', draft, services, tracer);
        if (first && before.length > 0)
          yield `${atOnce.length > 0 ? '\n\n' : ''}${[...before.slice(atOnce.length), ''].join('\n\n')}`;
        first = false;
        said.text += delta;
        yield delta;
      }
    } catch (error) {
      // With the truth shown, an apology is not all that is shown, and is said here.
      if (atOnce.length === 0 || !first || signal.aborted || !(error instanceof RapportError)) throw error;
      said.failure = error;
      yield `\n\n${failureNotice(error, work)}`;
      return;
    }
    if (truth !== null && stream.silenced === 'human') {
      // Whoever has just been told that this is an AI need not be told that the contrary was withheld.
      after = [];
      return;
    }
    if (stream.silenced !== null) {
      const [{ personId, country }] = draft.start.messages;
      const writer = { person: personId, country };
      after = [await services.care.instead(stream.silenced, draft.input.text, writer)];
      const before = said.text !== '' || atOnce.length > 0 ? [''] : controls.notices;
      yield [...before, ...after].join('\n\n');
      return;
    }
    const shown = work.adapter.capabilities.ownOffers ? helpline : after;
    if (shown.length > 0) yield `\n\n${shown.join('\n\n')}`;
  }
  const delivered = await sendText(text(), 'reply', draft.start, plan, work, typedAt);
  await alongside;
  const { report } = stream;
  if (report.ttftMs > 0)
    services.metrics.timeToFirstToken.observe({ route: plan.route.id }, report.ttftMs / 1_000);
  const spoken = said.text.trim();
  const { status } = delivered;
  const error = delivered.error ?? said.failure ?? undefined;
  const isSilenced = stream.silenced !== null;
  const failed = spoken === '' && status !== 'stopped' && !isSilenced;
  // The truth stands in the reply's place then, and keeps the trace.
  const onlyTruth = truth !== null && spoken === '' && stream.silenced === 'human';
  if (onlyTruth) after = [truth];
  const toldBefore = controls.notices.length + (truth === null || onlyTruth ? 0 : 1);
  const failure = error ?? new RapportError('RAPPORT_E_MODEL_EMPTY', { attempts: 1 });
  return endTurn(
    draft.start,
    {
      kind: failed ? 'failed' : status === 'complete' ? (spoken === '' ? 'notice' : 'reply') : status,
      session: plan.opened,
      // Where the character said nothing, what would have been used up is kept for the next reply.
      change: { ...plan.change, ...(spoken === '' ? { steering: controls.steering } : plan.spent) },
      said: {
        speakerName: displayName(plan.character),
        before: spoken === '' ? before.slice(0, toldBefore) : before,
        thoughts: stream.thoughts.map((thought) => thought.text.trim()),
        ...(spoken !== '' && { reply: { text: spoken, status } }),
        after: failed ? [failureNotice(failure, work)] : spoken === '' && !isSilenced ? [] : after,
        ...(!failed && {
          trace: traceOf(plan, report, delivered, tracer, {
            order: stages.map(({ name }) => name),
            deliveryMs: services.clock.elapsed() - startedAt,
          }),
        }),
      },
      // A new reply replaces the old one and its apologies; a new apology only the old apologies.
      removed: draft.start.replaced
        .filter(({ role }) => spoken !== '' || role === 'notice')
        .map(({ id }) => id),
      error,
    },
    services.clock.now(),
  );
}

function failureNotice(error: RapportError, { notes }: TurnWork): string {
  return typeof notes.failure === 'string' ? notes.failure : notes.failure(error);
}

/** A turn in which only the platform speaks. @param unsaid what of it is yet to be shown. */
async function sayNotices(
  notices: readonly string[],
  { draft, work }: Running,
  unsaid: readonly string[] = notices,
): Promise<TurnOutcome> {
  const { services } = work;
  const { start, input } = draft;
  const chosen = draft.of('care').answer ? chosenBefore(start, services) : null;
  const session = chosen
    ? beginWith(chosen, input, services)
    : sessionWithout(input, services.clock.now(), services.say);
  async function* text(): AsyncGenerator<string> {
    yield unsaid.join('\n\n');
  }
  if (unsaid.length > 0) await sendText(text(), 'notice', start, null, work);
  const { steering } = draft.of('controls');
  return endTurn(
    start,
    {
      kind: 'notice',
      session,
      change: { steering, address: start.messages[0].address },
      said: { before: notices },
    },
    services.clock.now(),
  );
}

/** Nothing was asked that could be regenerated. */
function unchanged(input: TurnInput, { services }: TurnWork): TurnOutcome {
  const at = services.clock.now();
  const session = sessionWithout(input, at, services.say);
  const { updatedAt } = session;
  return endTurn(input, { kind: 'notice', session, change: { updatedAt }, said: {} }, at);
}

/** Where the reply goes: to the message that came last. */
function addressOf({ messages }: TurnStart): ReplyAddress {
  return (messages.at(-1) ?? messages[0]).address;
}

function sendText(
  text: AsyncIterable<string>,
  kind: 'reply' | 'notice',
  start: TurnStart,
  plan: TurnPlan | null,
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
    turnId: start.turnId,
    address: addressOf(start),
    speaker: {
      name: character ? displayName(character) : 'Rapport',
      ...(character && { avatar: avatarOf(character, config.delivery.avatarUrl) }),
    },
    ...(plan?.offer && { offer: plan.offer.character }),
    covers: start.messages.map(({ id }) => id),
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
async function keepDecisions(
  { opened, offer }: TurnPlan,
  { session }: TurnInput,
  { services, lease }: TurnWork,
): Promise<void> {
  const { sessions } = services.store;
  if (!session) await sessions.create(opened, [], lease);
  else if (!session.characterId) {
    const { characterId, matchReasons, title } = opened;
    await sessions.update(opened.id, { characterId, matchReasons, title });
  }
  if (offer) await sessions.update(opened.id, { offeredCharacterId: offer.character.id });
}

function isStoreTrouble(error: unknown): boolean {
  return (
    error instanceof RapportError &&
    (error.code === 'RAPPORT_E_STORE_UNAVAILABLE' || error.code === 'RAPPORT_E_LEASE_LOST')
  );
}
