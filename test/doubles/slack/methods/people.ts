import { ApiError } from '../api-error.js';
import type { Json, User } from '../cloud.js';
import { channelOf, type Method, messageAt } from '../method.js';

function userView(user: User): Json {
  return {
    id: user.id,
    team_id: user.team.id,
    name: user.name,
    real_name: user.realName,
    deleted: false,
    is_bot: user.isBot,
    is_admin: user.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    ...(user.isStranger && { is_stranger: true }),
    is_app_user: false,
    tz: user.timeZone,
    profile: { display_name: user.name, real_name: user.realName },
  };
}

export const peopleMethods: Record<string, Method> = {
  'users.info': {
    tier: 4,
    scopes: ['users:read'],
    run: ({ args, team }) => {
      const user = team.users.get(args.need('user', 'user_not_found'));
      if (!user) throw new ApiError('user_not_found');
      return { user: { ...userView(user), ...(args.flag('include_locale') && { locale: user.locale }) } };
    },
  },
  'team.info': {
    tier: 3,
    scopes: ['team:read'],
    run: ({ team }) => ({ team: { id: team.id, name: team.name, domain: team.name } }),
  },
  'reactions.add': {
    tier: 3,
    scopes: ['reactions:write'],
    run: (call) => {
      const message = messageAt(channelOf(call), call.args.need('timestamp', 'message_not_found'));
      const name = call.args.need('name', 'invalid_name');
      if (message.reactions.includes(name)) throw new ApiError('already_reacted');
      message.reactions.push(name);
      return {};
    },
  },
  'reactions.remove': {
    tier: 2,
    scopes: ['reactions:write'],
    run: (call) => {
      const message = messageAt(channelOf(call), call.args.need('timestamp', 'message_not_found'));
      const at = message.reactions.indexOf(call.args.need('name', 'invalid_name'));
      if (at < 0) throw new ApiError('no_reaction');
      message.reactions.splice(at, 1);
      return {};
    },
  },
};
