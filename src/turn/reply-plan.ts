import type { Character } from '../../characters/schema.js';
import type { ModelRoute, RankHints } from '../prompting/chat-model.js';
import type { PromptFormat } from '../prompting/prompt-format.js';
import type { PromptInput } from '../prompting/prompt-input.js';
import type { SessionState } from '../state/session.js';
import type { Matched } from './match-stage.js';

/** What the stages before the model decided. */
export interface ReplyPlan {
  readonly character: Character;
  readonly route: ModelRoute;
  readonly format: PromptFormat;
  readonly input: PromptInput;
  readonly rank: RankHints;
  readonly offer: Matched['offer'];
  /** Said before the reply at first contact; empty once said. */
  readonly preface: string;
  /** The session as it will be once the reply is committed. */
  readonly session: SessionState;
}

/** The plan of a turn of a session. */
export interface TurnPlan extends ReplyPlan {
  /** The session as the turn found it, with its character. */
  readonly opened: SessionState;
}
