import { ModelFactReader } from '../inference/model-fact-reader.js';
import type { FactReader } from '../src/memory/fact-reader.js';
import { RuleFactReader } from '../src/memory/rule-fact-reader.js';
import type { ModelRouter } from '../src/prompting/chat-model.js';

const rules = new RuleFactReader();

/** Who reads what was said to a character: the model server that answers for them, where it takes chat messages; else rules. */
export function factReaders(
  router: ModelRouter,
  character: Parameters<ModelRouter['routeFor']>[0] | undefined,
): readonly FactReader[] {
  const route = router.routeFor(character ?? { id: '', tags: [] });
  return route.demo || route.format !== 'chat' ? [rules] : [new ModelFactReader(route), rules];
}
