import { api } from '../api/calls.js';
import type { MatchReason } from '../api/types.js';
import { refreshRecent } from './account.js';
import { go } from './location.js';
import { hrefs } from './route.js';
import { attempt } from './toasts.js';

/** Opens a new conversation with a character and shows it; false if that failed (the reason is shown). */
export async function talkTo(characterId: string, reasons?: readonly MatchReason[]): Promise<boolean> {
  return attempt(async () => {
    const { session } = await api.createSession(characterId, reasons);
    go(hrefs.chat(session.id));
    void refreshRecent();
  });
}
