import { RapportError } from '../../../config/errors.js';
import type { PersonId } from '../../ids.js';
import { factLine, listedFacts, mostPinned, withPin } from '../../memory/fact-list.js';
import type { InboundMessage } from '../../state/session.js';
import type { Lease } from '../../state/store.js';
import { forgetSaid } from '../forgetting.js';
import { proposalsMeant, sayDecision, sayRemembering } from '../remembering.js';
import type { TurnServices } from '../turn-services.js';

/** What a person does with what is remembered of them, by a control code; in shared sessions only `!remember`. */
export async function memoryControl(
  name: string,
  argument: string,
  message: InboundMessage,
  lease: Lease,
  services: TurnServices,
): Promise<string> {
  const { say } = services;
  const pins = name === 'pin' || name === 'unpin';
  if (name === 'remember' && argument !== '')
    return remember(argument.slice(0, 500).toWellFormed(), message, lease, services);
  // Others read along in a shared session: what is known about a person is not shown there.
  const automatic = name === 'memory' || name === 'keep' || name === 'drop';
  if (message.shared && (name === 'facts' || name === 'forget' || pins || automatic))
    return say('memory.notHere');
  if (automatic) await holdLease(lease, message, services);
  if (name === 'memory') return sayRemembering(services, message.personId, argument);
  if (automatic && argument !== '') return decide(argument, name === 'keep', message, services);
  if (name === 'forget' && argument !== '') return forget(argument, message, services);
  if (pins && argument !== '') return pin(argument, name === 'pin', message, lease, services);
  if (name === 'facts') return list(message.personId, services);
  return say('session.help');
}

/**
 * The id is the message's, so that a turn that is run again after a crash does not remember twice. A person who is erased
 * meanwhile takes the lease with them: what was written too late goes again.
 */
export async function remember(
  text: string,
  message: InboundMessage,
  lease: Lease,
  { store, config, say, clock }: TurnServices,
): Promise<string> {
  const limit = config.memory.maxFacts;
  const known = await store.people.memories(message.personId);
  const id = `message:${message.id}`;
  if (!known.some((memory) => memory.id === id)) {
    if (known.length >= limit) return say('memory.full', { limit });
    await store.people.addMemory({
      id,
      personId: message.personId,
      text,
      at: clock.now(),
      sessionId: message.sessionId,
    });
    if (!(await store.lease.renew(lease, config.state.leaseMs))) {
      await store.people.removeMemory(message.personId, id);
      throw new RapportError('RAPPORT_E_LEASE_LOST', { id: message.sessionId });
    }
  }
  return say('memory.remembered', { text });
}

/** The fact is noted before it goes: the same number means another fact when the turn is run again after a crash. */
async function forget(
  typed: string,
  { personId, sessionId, id }: InboundMessage,
  { store, config, say }: TurnServices,
): Promise<string> {
  const note = `forget:${sessionId}:${id}`;
  const facts = await store.people.memories(personId);
  const noted = await store.values.get(note);
  const fact = noted === null ? facts[Number(typed) - 1] : facts.find((known) => known.id === noted);
  if (noted === null && !fact) return say('memory.unknown', { n: typed.slice(0, 20) });
  if (fact) {
    if (noted === null) await store.values.set(note, fact.id, config.state.dedupeHours * 3_600_000);
    await forgetSaid({ store }, personId, fact);
    await store.people.removeMemory(personId, fact.id);
  }
  return say('memory.forgotten', { text: fact?.text ?? typed });
}

/** Pins a fact by its number in the list, or takes the pin away. */
async function pin(
  typed: string,
  pinned: boolean,
  { personId, sessionId }: InboundMessage,
  lease: Lease,
  { store, config, say }: TurnServices,
): Promise<string> {
  const facts = await store.people.memories(personId);
  const fact = facts[Number(typed) - 1];
  if (!fact) return say('memory.unknown', { n: typed.slice(0, 20) });
  if (pinned && !fact.pinned && facts.filter((known) => known.pinned).length >= mostPinned)
    return say('memory.allPinned', { limit: mostPinned });
  if (!(await store.lease.renew(lease, config.state.leaseMs)))
    throw new RapportError('RAPPORT_E_LEASE_LOST', { id: sessionId });
  await store.people.addMemory(withPin(fact, pinned));
  return say(pinned ? 'memory.pinned' : 'memory.unpinned', { text: fact.text });
}

async function list(person: PersonId, { store, say }: TurnServices): Promise<string> {
  const facts = await store.people.memories(person);
  if (facts.length === 0) return say('memory.nothing');
  return say('memory.list', {
    facts: listedFacts(facts, await store.people.profile(person))
      .map((fact, index) => factLine(fact, index + 1, say))
      .join('\n'),
  });
}

/** What is meant is noted before it is decided: the same number means another fact when the turn is run again after a crash. */
async function decide(
  typed: string,
  keep: boolean,
  { personId, sessionId, id }: InboundMessage,
  services: TurnServices,
): Promise<string> {
  const { values } = services.store;
  const note = `decide:${sessionId}:${id}`;
  const noted = await values.get(note);
  const meant =
    noted === null ? await proposalsMeant(services, personId, typed) : (JSON.parse(noted) as string[]);
  if (noted === null && meant)
    await values.set(note, JSON.stringify(meant), services.config.state.dedupeHours * 3_600_000);
  try {
    return await sayDecision(services, personId, meant, keep);
  } catch (error) {
    if (error instanceof RapportError && error.code === 'RAPPORT_E_ENTRY_REFUSED')
      return services.say('memory.full', { limit: services.config.memory.maxFacts });
    throw error;
  }
}

/** A person who is erased meanwhile takes the lease with them. */
async function holdLease(
  lease: Lease,
  { sessionId }: InboundMessage,
  { store, config }: TurnServices,
): Promise<void> {
  if (!(await store.lease.renew(lease, config.state.leaseMs)))
    throw new RapportError('RAPPORT_E_LEASE_LOST', { id: sessionId });
}
