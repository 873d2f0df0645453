import type { SessionId, TurnId } from '../ids.js';
import type { CommandServices } from './command-services.js';

/** One question about a reply, answered in whole sentences. */
export interface WhySection {
  readonly topic: 'character' | 'memory' | 'strategy' | 'goal' | 'style' | 'timing' | 'model';
  /** A heading. */
  readonly title: string;
  /** Plain sentences, one a line, without Markdown. Words of people and characters in them are quoted. */
  readonly lines: readonly string[];
}

export interface ReplyExplanation {
  readonly turnId: TurnId;
  /** Never empty. */
  readonly sections: readonly WhySection[];
}

/** How the last reply of a conversation came about; null where there is none yet. */
export async function explainLastReply(
  services: Pick<CommandServices, 'store' | 'bank' | 'say' | 'steering' | 'attributes'>,
  session: SessionId,
): Promise<ReplyExplanation | null> {
  void services;
  void session;
  return null;
}
