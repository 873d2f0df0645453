/** Branded identifiers: a string of one kind cannot be passed where another is wanted. */
declare const brand: unique symbol;
type Id<Name extends string> = string & { readonly [brand]: Name };

/** One person on one platform: `<platform>:<platform user id>`. */
export type PersonId = Id<'PersonId'>;
/** One ongoing conversation with one character. */
export type SessionId = Id<'SessionId'>;
/** A message as its platform names it; unique within a session, the key of dedupe. */
export type MessageId = Id<'MessageId'>;
/** One exchange: `<session id>#<n>` with n counted from 1, so that a crashed turn finds its own outbox again. */
export type TurnId = Id<'TurnId'>;

export const personId = (value: string): PersonId => value as PersonId;
export const sessionId = (value: string): SessionId => value as SessionId;
export const messageId = (value: string): MessageId => value as MessageId;
export const turnId = (session: SessionId, n: number): TurnId => `${session}#${n}` as TurnId;
