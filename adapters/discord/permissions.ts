import { PermissionFlagsBits } from 'discord-api-types/v10';

/** One permission the bot uses, by Discord's own label. */
export interface WantedPermission {
  readonly bit: bigint;
  readonly label: string;
}

/** What an installation asks for; docs/discord.md says what each is for. */
export const wantedPermissions: readonly WantedPermission[] = [
  { bit: PermissionFlagsBits.ViewChannel, label: 'View Channels' },
  { bit: PermissionFlagsBits.SendMessages, label: 'Send Messages' },
  { bit: PermissionFlagsBits.CreatePublicThreads, label: 'Create Public Threads' },
  { bit: PermissionFlagsBits.CreatePrivateThreads, label: 'Create Private Threads' },
  { bit: PermissionFlagsBits.SendMessagesInThreads, label: 'Send Messages in Threads' },
  { bit: PermissionFlagsBits.ReadMessageHistory, label: 'Read Message History' },
  { bit: PermissionFlagsBits.EmbedLinks, label: 'Embed Links' },
  { bit: PermissionFlagsBits.AttachFiles, label: 'Attach Files' },
  { bit: PermissionFlagsBits.ManageWebhooks, label: 'Manage Webhooks' },
];

/** Where an owner installs the bot in a server, with the permissions it uses. */
export function inviteUrl(applicationId: string): string {
  const permissions = wantedPermissions.reduce((bits, { bit }) => bits | bit, 0n);
  const query = new URLSearchParams({
    client_id: applicationId,
    scope: 'bot applications.commands',
    permissions: String(permissions),
  });
  return `https://discord.com/oauth2/authorize?${query}`;
}
