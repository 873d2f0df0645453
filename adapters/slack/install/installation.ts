import { z } from 'zod';

/** What is kept of an installation: the bot's token and what is needed to use and renew it. Nothing of the installing person's rights. */
export const installationSchema = z.object({
  /** Workspace id; null where the app is installed for a whole organisation. */
  team: z.string().nullable(),
  /** Organisation id, where there is one. */
  enterprise: z.string().nullable(),
  /** Name of the workspace or organisation. */
  name: z.string(),
  appId: z.string(),
  installedBy: z.string(),
  installedAt: z.number(),
  scopes: z.array(z.string()),
  bot: z.object({
    token: z.string().min(1),
    id: z.string(),
    userId: z.string(),
    refreshToken: z.string().optional(),
    /** s since the epoch, where tokens rotate. */
    expiresAt: z.number().optional(),
  }),
});

export type SlackInstallation = z.infer<typeof installationSchema>;

/** The id an installation is kept under: the organisation's where it is org-wide. */
export function installationId({ team, enterprise }: Pick<SlackInstallation, 'team' | 'enterprise'>): string {
  const id = team ?? enterprise;
  if (!id) throw new Error('an installation belongs to a workspace or an organisation');
  return id;
}
