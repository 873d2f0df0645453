import { z } from 'zod';
import type { CommandServices } from './command-services.js';

type BlockServices = Pick<CommandServices, 'store'>;

const key = 'blocked';
const schema = z.array(z.string());

/** Who is not answered: ids of people (`discord:1`) and of communities (`slack:T1`), as the operator has blocked them by command. */
export async function listBlocked({ store }: BlockServices): Promise<readonly string[]> {
  const text = await store.values.get(key);
  return text === null ? [] : schema.parse(JSON.parse(text));
}

/** Blocks a person or a community; whoever of them is in danger is still told where there is help. False where they were already. */
export async function block(services: BlockServices, id: string): Promise<boolean> {
  const before = await listBlocked(services);
  if (before.includes(id)) return false;
  await services.store.values.set(key, JSON.stringify([...before, id]));
  return true;
}

/** Answers them again. False where they were not blocked by command. */
export async function unblock(services: BlockServices, id: string): Promise<boolean> {
  const before = await listBlocked(services);
  if (!before.includes(id)) return false;
  await services.store.values.set(key, JSON.stringify(before.filter((one) => one !== id)));
  return true;
}

/** Which of these is blocked, by the settings or by command; null where none is. */
export async function blockedAmong(
  services: BlockServices & Pick<CommandServices, 'config'>,
  ids: readonly (string | null)[],
): Promise<string | null> {
  const bySettings = ids.find((id) => id !== null && services.config.limits.blocked.includes(id));
  if (bySettings !== undefined) return bySettings;
  const listed = await listBlocked(services);
  return ids.find((id) => id !== null && listed.includes(id)) ?? null;
}
