import type { KnownBlock } from '@slack/types';
import type { PersonId } from '../../../src/ids.js';
import type { Workspace } from '../api/slack-clients.js';

/** Who did something in Slack, and what it needs to be answered. */
export interface Actor {
  readonly workspace: Required<Workspace>;
  readonly user: string;
  readonly person: PersonId;
  /** Opens a modal within three seconds; '' where there is none. */
  readonly trigger: string;
}

/** What a person is answered, for their eyes only. */
export interface Answer {
  /** The whole of it in plain words: also what a notification shows. */
  readonly text: string;
  readonly blocks?: readonly KnownBlock[];
}
