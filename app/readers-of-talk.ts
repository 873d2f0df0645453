import { ModelFactReader } from '../inference/model-fact-reader.js';
import { ModelSummariser } from '../inference/model-summariser.js';
import type { FactReader } from '../src/memory/fact-reader.js';
import { RuleFactReader } from '../src/memory/rule-fact-reader.js';
import { RuleSummariser } from '../src/memory/rule-summariser.js';
import type { Summariser } from '../src/memory/summariser.js';
import type { ModelRoute, ModelRouter } from '../src/prompting/chat-model.js';

type Character = Parameters<ModelRouter['routeFor']>[0];

const factRules = new RuleFactReader();
const summaryRules = new RuleSummariser();

/** Who reads facts out of what was said to a character: the model server that answers for them, where it takes chat messages; else rules. */
export function factReaders(router: ModelRouter, character: Character | undefined): readonly FactReader[] {
  const route = chatRoute(router, character);
  return route ? [new ModelFactReader(route), factRules] : [factRules];
}

/** Who sums up what was said with a character; likewise. */
export function summarisers(router: ModelRouter, character: Character | undefined): readonly Summariser[] {
  const route = chatRoute(router, character);
  return route ? [new ModelSummariser(route), summaryRules] : [summaryRules];
}

function chatRoute(router: ModelRouter, character: Character | undefined): ModelRoute | null {
  const route = router.routeFor(character ?? { id: '', tags: [] });
  return route.demo || route.format !== 'chat' ? null : route;
}
