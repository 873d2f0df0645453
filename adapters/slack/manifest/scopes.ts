/** What the bot may do, and what each right is for. */
export const scopeReasons = {
  'app_mentions:read': 'to hear when somebody mentions the app',
  'assistant:write': 'to suggest how to begin, in the agent view',
  'channels:history': 'to read replies in threads that a character takes part in (public channels)',
  'chat:write': 'to answer, and to show that an answer is on its way',
  'chat:write.customize': "to answer under the character's name and face",
  commands: 'for /rapport and the shortcuts',
  'files:read': 'to read text files that people send',
  'files:write': 'to hand people their data as a file',
  'groups:history': 'to read replies in threads that a character takes part in (private channels)',
  'im:history': 'to read direct messages to the app',
  'im:write': 'to open a direct message when somebody picks a character',
  'mpim:history': 'to read replies in threads that a character takes part in (group messages)',
  'users:read': 'to call people by their names, and to know who administers the workspace',
} as const;

export type BotScope = keyof typeof scopeReasons;

/** The scopes in the order of the manifest. */
export const botScopes = Object.keys(scopeReasons) as BotScope[];

/** Without these nothing works; without the others something does not. */
export const requiredScopes: readonly BotScope[] = [
  'chat:write',
  'im:history',
  'im:write',
  'app_mentions:read',
  'users:read',
];
