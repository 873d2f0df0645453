import { RapportError } from '../../config/errors.js';
import { aspectWords } from '../guidance/attributes.js';
import type { SessionId } from '../ids.js';
import type { SessionState } from '../state/session.js';
import type { CommandServices } from './command-services.js';

/** One of MIRACLE's attributes as a person chooses it. */
export interface StyleChoice {
  /** The key of the attribute: `languagestyle`. */
  readonly attribute: string;
  /** The attribute as people name it: `language`; the key of an attribute that an operator has added. */
  readonly name: string;
  /** How it is called: `plain or lyrical`. */
  readonly label: string;
  readonly values: readonly {
    /** The aspect value: `plain`. */
    readonly value: string;
    /** What it does, in words: `use plain, everyday words`. */
    readonly label: string;
  }[];
}

/** MIRACLE's own attributes, which the locale names. */
const localNames: ReadonlySet<string> = new Set(['languagestyle', 'attitude', 'mindchar']);

/** The attributes a person can set, in the order of config/attributes.yaml. */
export function styleChoices({
  attributes,
  say,
}: Pick<CommandServices, 'attributes' | 'say'>): StyleChoice[] {
  const named = (attribute: string): string => {
    const name = localNames.has(attribute) ? say(`style.name.${attribute}`) : attribute;
    return Object.hasOwn(attributes.attributes, name) ? attribute : name;
  };
  return Object.entries(attributes.attributes).map(([attribute, values]) => ({
    attribute,
    name: named(attribute),
    label: Object.keys(values).reduce((first, second) => say('style.either', { first, second })),
    values: Object.entries(values).map(([value, label]) => ({ value, label })),
  }));
}

export interface StyleRequest {
  /** An attribute's key; null for all of them (with `value: null`: everything as the character is). */
  readonly attribute: string | null;
  /** One of its aspect values; null gives it back to the character. */
  readonly value: string | null;
}

/**
 * Sets how the character of a conversation speaks, from the next reply on, before the character's own attributes.
 * @returns null where there is no such conversation.
 * @throws RapportError RAPPORT_E_ENTRY_REFUSED for an attribute or value that does not exist.
 */
export async function setStyle(
  services: Pick<CommandServices, 'store' | 'attributes' | 'say' | 'events'>,
  id: SessionId,
  { attribute, value }: StyleRequest,
): Promise<{ readonly notice: string; readonly session: SessionState } | null> {
  const { store, attributes, say, events } = services;
  const known = attribute === null || Object.hasOwn(attributes.attributes, attribute);
  const words = value === null ? '' : aspectWords(attributes, attribute ?? '', value);
  if (!known || words === undefined)
    throw new RapportError('RAPPORT_E_ENTRY_REFUSED', {
      reason: say('style.unknown', { value: value ?? attribute ?? '' }),
    });
  const before = await store.sessions.get(id);
  if (!before) return null;
  const { [attribute ?? '']: _, ...others } = before.style ?? {};
  const style = attribute === null ? {} : value === null ? others : { ...others, [attribute]: value };
  const session = await store.sessions.update(id, { style });
  if (!session) return null;
  events.publish(id, { type: 'session', session });
  return { notice: value === null ? say('style.cleared') : say('style.set', { words }), session };
}
