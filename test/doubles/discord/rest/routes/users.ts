import { z } from 'zod';
import { privateChannel } from '../../world/channels.js';
import { removeMember } from '../../world/guilds.js';
import { presentChannel } from '../../world/present-channel.js';
import { compareIds } from '../../world/snowflake.js';
import { botGuild } from '../access.js';
import { type Answer, type Call, noContent, ok, param, type Route } from '../call.js';
import { invalidForm, parseForm, refusals } from '../errors.js';

export const userRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/users/@me',
    auth: 'bot',
    limit: 'guild',
    handle: ({ world }) =>
      ok({ ...world.bot, verified: true, mfa_enabled: false, email: null, locale: 'en-US' }),
  },
  { method: 'PATCH', path: '/users/@me', auth: 'bot', limit: 'guild', handle: change },
  { method: 'GET', path: '/users/@me/guilds', auth: 'bot', limit: 'guild', handle: guilds },
  {
    method: 'DELETE',
    path: '/users/@me/guilds/:guild',
    auth: 'bot',
    limit: 'guild',
    handle: (call) => {
      const guild = botGuild(call.world, param(call, 'guild'));
      removeMember(call.world, guild, call.world.bot.id);
      return noContent;
    },
  },
  { method: 'POST', path: '/users/@me/channels', auth: 'bot', limit: 'dm', handle: openDm },
  {
    method: 'GET',
    path: '/users/:user',
    auth: 'bot',
    limit: 'guild',
    handle: (call) => {
      const user = call.world.users.get(param(call, 'user'));
      if (!user) throw refusals.unknownUser();
      return ok(user);
    },
  },
];

function change(call: Call): Answer {
  const { username } = parseForm(
    z.looseObject({ username: z.string().min(2).max(32).optional() }),
    call.body,
  );
  if (username !== undefined) call.world.bot.username = username;
  return ok(call.world.bot);
}

function guilds({ world, query }: Call): Answer {
  const limit = Number(query.get('limit') ?? 200);
  const after = query.get('after') ?? '0';
  const page = world
    .botGuilds()
    .filter((guild) => compareIds(guild.id, after) > 0)
    .slice(0, limit);
  return ok(
    page.map((guild) => ({
      id: guild.id,
      name: guild.name,
      icon: null,
      banner: null,
      owner: false,
      ...(world.tellsPermissions && {
        permissions: guild.roles.get(guild.botRoleId ?? '')?.permissions ?? '0',
      }),
      features: [],
    })),
  );
}

/** Opening is always possible; whether the person takes messages shows when one is sent (50007). */
function openDm(call: Call): Answer {
  const { world } = call;
  const { recipient_id: id } = parseForm(z.looseObject({ recipient_id: z.coerce.string() }), call.body);
  const user = world.users.get(id);
  if (!user)
    throw invalidForm([{ path: ['recipient_id'], code: 'USER_INVALID', message: 'User could not be found' }]);
  if (user.id === world.bot.id) throw refusals.cannotDm();
  return ok(presentChannel(world, privateChannel(world, [id, world.bot.id])));
}
