import type { Trace } from '../api/types.js';
import { fill, words } from '../state/words.js';
import { msOf } from '../text/dates.js';
import { Pairs } from './Pairs.js';

/** Which model spoke, from which prompt. */
export function ModelView({ model }: { model: NonNullable<Trace['model']> }) {
  const { why, locale } = words();
  const tokens = new Intl.NumberFormat(locale).format(model.promptTokens);
  return (
    <>
      <Pairs
        pairs={[
          [why.modelName, model.name],
          [why.format, model.format],
          [why.tokens, fill(model.promptTokensExact ? why.tokensExact : why.tokensAbout, { n: tokens })],
          ...(model.droppedTurns > 0 ? [[why.dropped, model.droppedTurns] as const] : []),
          ...(model.attempts > 1 ? [[why.attempts, model.attempts] as const] : []),
          [why.firstWord, msOf(model.ttftMs)],
          [why.finish, model.finishReason],
          ...(model.written ? [[why.written, model.written] as const] : []),
        ]}
      />
      {model.demo && <p class="hint">{why.demo}</p>}
    </>
  );
}
