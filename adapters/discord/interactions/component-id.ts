import { z } from 'zod';
import { type SessionId, sessionId } from '../../../src/ids.js';

/** The longest custom id the platform takes, UTF-16 units. */
export const customIdUnits = 100;
/** The longest search a gallery button carries along. */
export const wordsUnits = 60;

/** First letters of the kinds of Discord sessions, so that a button's id has room for more. */
const letters = { dm: 'd', thread: 't', user: 'u', channel: 'c' } as const;
const kinds = Object.entries(letters) as readonly (readonly [keyof typeof letters, string])[];

/** Whether an id is the short form of a Discord session: `d1`, `t1`, `u1.2`, `c1.2`. */
export const sessionCodePattern = /^(?:[dt]\d{1,20}|[uc]\d{1,20}\.\d{1,20})$/;

/**
 * The short form of a Discord session's id, at most 42 characters: `discord:user:1:2` → `u1.2`.
 * @throws TypeError for the id of another platform.
 */
export function sessionCode(id: SessionId): string {
  const [platform, kind = '', ...numbers] = id.split(':');
  const letter = kinds.find(([name]) => name === kind)?.[1] ?? '';
  const code = `${letter}${numbers.join('.')}`;
  if (platform !== 'discord' || !sessionCodePattern.test(code))
    throw new TypeError(`"${id}" is no Discord session`);
  return code;
}

/** The id behind a short form that {@link sessionCodePattern} takes. */
export function sessionOfCode(code: string): SessionId {
  const kind = kinds.find(([, letter]) => letter === code[0])?.[0] ?? '';
  return sessionId(['discord', kind, ...code.slice(1).split('.')].join(':'));
}

const version = '1';
const separator = '~';

const session = z.string().regex(sessionCodePattern);
const turn = z.string().regex(/^(?:0|[1-9]\d{0,8})$/);
const nonce = z.string().regex(/^[0-9a-z]{1,25}$/);
const character = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const page = z.string().regex(/^(?:0|[1-9]\d{0,5})$/);
const words = z
  .string()
  .max(wordsUnits)
  .refine((text) => text.isWellFormed() && text.trim() === text, 'whole characters, trimmed');

/** What a button, menu or form stands for, with the fields its id carries, in order. All are strings. */
const shapes = {
  /** Stops the reply that is being written. */
  stop: { session, turn, nonce },
  /** Carries the nonce of a message that is done while the reply goes on below; cannot be pressed. */
  sent: { session, turn, nonce },
  regenerate: { session, turn, nonce },
  /** `none` takes the feedback back. */
  feedback: { session, turn, value: z.enum(['up', 'down', 'none']), nonce },
  /** Takes or declines the character on offer; `mark` tells it from an earlier offer (`markOf`). */
  offer: { session, answer: z.enum(['take', 'decline']), mark: z.string().regex(/^[0-9a-z]{6}$/) },
  /** Opens the form in which a conversation goes on that only its person sees. */
  write: { session },
  /** The form that `write` opened. */
  written: { session },
  /** Begins a conversation with a character, where the person is or in a direct message. */
  open: { character, where: z.enum(['here', 'dm']) },
  gallery: { page, words },
  /** The menu under a page of the gallery. */
  browse: { page, words },
  search: {},
  /** The form that `search` opened. */
  searched: {},
  match: {},
  /** The form that `/match` and `match` opened. */
  matched: {},
  persona: {},
  /** The form that `/persona edit` and `persona` opened. */
  described: {},
  /** The menu under the list of memories. */
  forget: {},
  reset: { session },
  erase: {},
  cancel: {},
  /** The menu of `/settings channels`. */
  channels: {},
  /** Lifts the limits of `channels`. */
  everywhere: {},
  /** Takes the alert of somebody who asks for a human being. */
  take: { alert: z.string().regex(/^[1-9]\d{0,11}$/) },
  /** Says who has taken it; cannot be pressed. */
  taken: { alert: z.string().regex(/^[1-9]\d{0,11}$/) },
} as const satisfies Readonly<Record<string, Readonly<Record<string, z.ZodType<string>>>>>;

type Shapes = typeof shapes;
export type ComponentVerb = keyof Shapes;
export type ComponentAction<Verb extends ComponentVerb = ComponentVerb> = {
  [V in Verb]: { readonly do: V } & { readonly [F in keyof Shapes[V]]: z.infer<Shapes[V][F]> };
}[Verb];

/**
 * The custom id of a component or form: version, verb and fields (`1~stop~t123~4~k2…`). It holds all that is needed to
 * act on it, so that it works after a restart.
 * @throws TypeError for a field that {@link readComponentId} would not take; nothing of that kind is ever put on a button.
 */
export function componentId(action: ComponentAction): string {
  const { do: verb, ...fields } = action;
  const values: Readonly<Record<string, string>> = fields;
  const id = [version, verb, ...Object.keys(shapes[verb]).map((name) => values[name] ?? '')].join(separator);
  if (readComponentId(id) === null) throw new TypeError(`"${id}" is no custom id`);
  return id;
}

/** What a custom id stands for; null for anything but what {@link componentId} makes. */
export function readComponentId(id: string): ComponentAction | null {
  if (id.length > customIdUnits) return null;
  const [made, verb = '', ...values] = id.split(separator);
  if (made !== version || !isVerb(verb)) return null;
  const names = Object.keys(shapes[verb]);
  if (values.length !== names.length) return null;
  const fields = z
    .strictObject(shapes[verb])
    .safeParse(Object.fromEntries(names.map((name, n) => [name, values[n]])));
  return fields.success ? ({ do: verb, ...fields.data } as ComponentAction) : null;
}

/** Words as a gallery button can carry them. */
export function carriedWords(typed: string): string {
  return typed
    .replaceAll(separator, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, wordsUnits)
    .toWellFormed()
    .replace(/\uFFFD/g, '')
    .trim();
}

function isVerb(verb: string): verb is ComponentVerb {
  return Object.hasOwn(shapes, verb);
}
