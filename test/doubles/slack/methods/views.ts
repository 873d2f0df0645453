import { ApiError } from '../api-error.js';
import { isJson } from '../arguments.js';
import { checkBlocks } from '../blocks.js';
import { type Block, type Json, triggerLifeMs, type View } from '../cloud.js';
import type { Call, Method } from '../method.js';

const maxStacked = 3;
const maxBlocks = 100;

function viewArgument(call: Call, type: View['type']): Json {
  const view = call.args.object('view', 'invalid_arguments');
  if (!view) throw new ApiError('invalid_arguments');
  if (view.type !== type) throw new ApiError('invalid_arguments');
  const blocks = view.blocks;
  if (!Array.isArray(blocks) || !blocks.every(isBlock) || blocks.length > maxBlocks)
    throw new ApiError('invalid_blocks');
  checkBlocks(blocks.slice(0, 50));
  checkBlocks(blocks.slice(50));
  if (type === 'modal') checkModal(view);
  if (String(view.private_metadata ?? '').length > 3_000) throw new ApiError('invalid_arguments');
  return view;
}

function checkModal(view: Json): void {
  const title = isJson(view.title) ? String(view.title.text ?? '') : '';
  if (title === '' || title.length > 24) throw new ApiError('invalid_arguments');
  for (const name of ['submit', 'close'] as const) {
    const label = view[name];
    if (isJson(label) && String(label.text ?? '').length > 24) throw new ApiError('invalid_arguments');
  }
  const blocks = Array.isArray(view.blocks) ? view.blocks.filter(isBlock) : [];
  const inputs = blocks.some((block) => block.type === 'input');
  if (inputs && !isJson(view.submit)) throw new ApiError('invalid_arguments');
}

function isBlock(value: unknown): value is Block {
  return isJson(value) && typeof value.type === 'string';
}

/** Whoever pressed, clicked or typed within the last three seconds; each trigger opens one view. */
function userOfTrigger(call: Call): string {
  const trigger = call.cloud.triggers.get(call.args.need('trigger_id', 'invalid_trigger_id'));
  if (!trigger || trigger.team !== call.team) throw new ApiError('invalid_trigger_id');
  if (trigger.used) throw new ApiError('exchanged_trigger_id');
  if (call.cloud.clock.now() - trigger.at > triggerLifeMs) throw new ApiError('expired_trigger_id');
  trigger.used = true;
  return trigger.user;
}

function create(call: Call, user: string, type: View['type'], view: Json): View {
  const { cloud, team } = call;
  const made: View = { id: cloud.id('V'), user, team, type, view, hash: cloud.id('hash.') };
  team.views.set(made.id, made);
  return made;
}

/** A view as the Web API and interactions show it. */
export function viewView(view: View, appId: string, values: Json = {}): Json {
  const { team } = view;
  return {
    private_metadata: '',
    callback_id: '',
    ...view.view,
    id: view.id,
    team_id: team.id,
    app_id: appId,
    bot_id: team.botId,
    hash: view.hash,
    root_view_id: (team.modals.get(view.user) ?? [view])[0]?.id ?? view.id,
    state: { values },
  };
}

function answer(call: Call, view: View): Json {
  return { view: viewView(view, call.cloud.app.id) };
}

export const viewMethods: Record<string, Method> = {
  'views.open': {
    tier: 4,
    scopes: [],
    run: (call) => {
      const content = viewArgument(call, 'modal');
      const user = userOfTrigger(call);
      const view = create(call, user, 'modal', content);
      call.team.modals.set(user, [view]);
      return answer(call, view);
    },
  },
  'views.push': {
    tier: 4,
    scopes: [],
    run: (call) => {
      const content = viewArgument(call, 'modal');
      const user = userOfTrigger(call);
      const stack = call.team.modals.get(user) ?? [];
      if (stack.length >= maxStacked) throw new ApiError('push_limit_reached');
      const view = create(call, user, 'modal', content);
      call.team.modals.set(user, [...stack, view]);
      return answer(call, view);
    },
  },
  'views.update': {
    tier: 4,
    scopes: [],
    run: (call) => {
      const id = call.args.text('view_id');
      const external = call.args.text('external_id');
      const view = [...call.team.views.values()].find((known) =>
        id === null ? known.view.external_id === external : known.id === id,
      );
      if (!view) throw new ApiError('not_found');
      const hash = call.args.text('hash');
      if (hash !== null && hash !== view.hash) throw new ApiError('hash_conflict');
      view.view = viewArgument(call, view.type);
      view.hash = call.cloud.id('hash.');
      return answer(call, view);
    },
  },
  'views.publish': {
    tier: 4,
    scopes: [],
    run: (call) => {
      const user = call.args.need('user_id', 'invalid_arguments');
      if (!call.team.users.has(user)) throw new ApiError('user_not_found');
      const content = viewArgument(call, 'home');
      const known = call.team.homes.get(user);
      const hash = call.args.text('hash');
      if (known && hash !== null && hash !== known.hash) throw new ApiError('hash_conflict');
      const view = known ?? create(call, user, 'home', content);
      view.view = content;
      view.hash = call.cloud.id('hash.');
      call.team.homes.set(user, view);
      return answer(call, view);
    },
  },
};
