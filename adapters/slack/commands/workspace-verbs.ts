import { readSettings } from '../../../src/commands/settings.js';
import { slackCommunity } from '../address.js';
import { settingsView } from '../views/settings-form.js';
import type { Verb } from './verb.js';

/** `settings`: what holds for the whole workspace; administrators change it. */
export const settings: Verb = async ({ actor }, { services, modals, directory }) => {
  const { say, bank } = services;
  // The trigger lives three seconds, so both are asked at once.
  const [isAdmin, current] = await Promise.all([
    directory.isAdmin(actor.workspace, actor.user),
    readSettings(services, slackCommunity(actor.workspace.team)),
  ]);
  if (!isAdmin) return { text: say('slack.settings.adminsOnly') };
  const character = current.defaultCharacterId ? bank.get(current.defaultCharacterId) : undefined;
  await modals.open(actor, settingsView(current, character, say));
  return null;
};
