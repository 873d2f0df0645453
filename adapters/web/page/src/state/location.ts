import { signal } from '@preact/signals';
import { api } from '../api/calls.js';
import type { MatchReason } from '../api/types.js';
import { refreshRecent } from './account.js';
import { hrefs, parseRoute, type Route } from './route.js';
import { attempt } from './toasts.js';

/** The screen that is shown; follows the address. */
export const route = signal<Route>(parseRoute(location.hash));

addEventListener('hashchange', () => {
  route.value = parseRoute(location.hash);
});

export function go(href: string): void {
  location.hash = href;
}

/** Opens a new conversation with a character and shows it; false if that failed (the reason is shown). */
export async function talkTo(
  characterId: string,
  reasons?: readonly MatchReason[],
  greeting?: number,
): Promise<boolean> {
  return attempt(async () => {
    const { session } = await api.createSession(characterId, reasons, greeting);
    go(hrefs.chat(session.id));
    void refreshRecent();
  });
}
