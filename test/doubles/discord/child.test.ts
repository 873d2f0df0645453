import { Partials } from 'discord.js';
import { expect, it, vi } from 'vitest';
import { forkDiscord } from './child.js';
import { login } from './logging-in.js';

it('runs as a process of its own, steered from here', async () => {
  const child = await forkDiscord({ rateLimits: false });
  const ada = await child.discord.addUser({ username: 'ada' });
  const dm = await child.discord.dm(ada);
  const client = await login(child, { partials: [Partials.Channel] });
  client.on('messageCreate', (message) => {
    if (!message.author.bot) void message.reply(`You said ${message.content}`);
  });
  await child.faults.refuse({ method: 'POST', path: '/messages' }, { status: 502 });
  await child.discord.say(ada, dm, 'hello');
  await vi.waitFor(async () => {
    const seen = await child.discord.whatUsersSee(dm);
    expect(seen.map((one) => one.text)).toEqual(['hello', 'You said hello']);
  });
  const posts = (await child.discord.requestLog()).filter((one) => one.method === 'POST');
  expect(posts.map((one) => one.status)).toEqual([502, 200]);
  await expect(child.discord.say(ada, 'nowhere', 'hi')).rejects.toThrow('no channel nowhere');
  await client.destroy();
  await child.stop();
});
