import type { SessionState } from '../state/session.js';

const hourMs = 3_600_000;

/** Whether a person who was told that this is an AI has to be told again: every `hours`, 0 for never. @param now ms since the epoch. */
export function reminderDue(
  { disclosed, disclosedAt, createdAt }: Pick<SessionState, 'disclosed' | 'disclosedAt' | 'createdAt'>,
  hours: number,
  now: number,
): boolean {
  return hours > 0 && disclosed && now - (disclosedAt ?? createdAt) >= hours * hourMs;
}

/** Whether a reply has to begin with the disclosure: at first contact, and where {@link reminderDue}. */
export function mustDisclose(
  session: Pick<SessionState, 'disclosed' | 'disclosedAt' | 'createdAt'>,
  hours: number,
  now: number,
): boolean {
  return !session.disclosed || reminderDue(session, hours, now);
}

/** Whether they were told before, so that being told now is a reminder. */
export function wasTold({
  disclosed,
  disclosedAt,
}: Pick<SessionState, 'disclosed' | 'disclosedAt'>): boolean {
  return disclosed || disclosedAt !== undefined;
}
