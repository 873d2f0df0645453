import type { ModelRoute } from '../prompting/chat-model.js';
import { promptFormat } from '../prompting/prompt-formats.js';
import { mergeSampling } from '../prompting/prompt-input.js';
import type { ReplyWishes } from '../state/session.js';

/**
 * The route as it answers a program that wishes for a decoding of its own: a reply may be shorter than the operator lets it be,
 * never longer.
 */
export function wishedRoute(route: ModelRoute, wishes: ReplyWishes | undefined): ModelRoute {
  if (!wishes) return route;
  const { stop: _, begun: __, max_tokens: wanted, ...drawn } = wishes;
  const allowed = mergeSampling(promptFormat(route.format).sampling, route.sampling).max_tokens;
  const sampling = mergeSampling(route.sampling, drawn);
  if (wanted === undefined) return { ...route, sampling };
  return { ...route, sampling: { ...sampling, max_tokens: Math.min(wanted, allowed ?? wanted) } };
}
