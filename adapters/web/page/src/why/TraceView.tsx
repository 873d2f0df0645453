import type { ComponentChild } from 'preact';
import type { StageTrace, Trace } from '../api/types.js';
import { words } from '../state/words.js';
import { memoriesAt, pairsOf, textAt } from './decisions.js';
import { EmotionView } from './EmotionView.js';
import { MatchView } from './MatchView.js';
import { MemoryView } from './MemoryView.js';
import { ModelView } from './ModelView.js';
import { Pairs } from './Pairs.js';
import { GoalView, StrategyView } from './StrategyView.js';
import { Timing } from './Timing.js';

/** Stages that are told by the sections about the model and the time. */
const folded = ['prompt', 'model', 'delivery'];

/** What a reply may have been made without, though it was worked out. */
const sendable = ['memory', 'strategy', 'goal', 'style'];

function wasSent({ model }: Trace, { stage, decision }: StageTrace): boolean {
  const empty =
    (stage === 'memory' && memoriesAt(decision, 'chosen').length === 0) ||
    (stage === 'goal' && textAt(decision, 'goal') === undefined);
  return empty || !sendable.includes(stage) || model?.sent === undefined || model.sent.includes(stage);
}

function viewOf(
  { stage, decision }: StageTrace,
  sent: boolean,
): { title: string; view: ComponentChild } | null {
  const phrases = words().why;
  switch (stage) {
    case 'care':
      return careView(decision);
    case 'match':
      return { title: phrases.match, view: <MatchView decision={decision} /> };
    case 'emotion':
      return { title: phrases.emotion, view: <EmotionView decision={decision} /> };
    case 'memory':
      return { title: phrases.memory, view: <MemoryView decision={decision} sent={sent} /> };
    case 'strategy':
      return { title: phrases.strategy, view: <StrategyView decision={decision} /> };
    case 'goal':
      return { title: phrases.goal, view: <GoalView decision={decision} /> };
    default:
      if (folded.includes(stage) || pairsOf(decision).length === 0) return null;
      return { title: phrases.stages[stage] ?? stage, view: <Pairs pairs={pairsOf(decision)} /> };
  }
}

/** What care asked of the reply; else what the judge made of the message. */
function careView(decision: StageTrace['decision']): { title: string; view: ComponentChild } | null {
  const phrases = words().why;
  const lines = [
    ...(decision.gentle === true ? [phrases.careGentle] : []),
    ...(decision.offered === true ? [phrases.careOffered] : []),
  ];
  if (lines.length > 0)
    return { title: phrases.careTitle, view: lines.map((line) => <p key={line}>{line}</p>) };
  if (pairsOf(decision).length === 0) return null;
  return { title: phrases.stages.care ?? 'care', view: <Pairs pairs={pairsOf(decision)} /> };
}

/** The care check last where it asked nothing of the reply: it is the same for nearly every one. */
function inReadingOrder(stages: readonly StageTrace[]): StageTrace[] {
  const asked = ({ stage, decision }: StageTrace): boolean =>
    stage !== 'care' || decision.gentle === true || decision.offered === true;
  return [...stages.filter(asked), ...stages.filter((stage) => !asked(stage))];
}

/** The record of a turn, a section for each thing that was decided. */
export function TraceView({ trace }: { trace: Trace }) {
  const phrases = words().why;
  return (
    <div class="trace">
      {inReadingOrder(trace.stages).map((stage) => {
        const sent = wasSent(trace, stage);
        const section = viewOf(stage, sent);
        return (
          section !== null && (
            <section key={stage.stage} class="trace-section">
              <h3>{section.title}</h3>
              {!sent && <p>{phrases.notSent}</p>}
              {section.view}
            </section>
          )
        );
      })}
      {trace.model !== undefined && (
        <section class="trace-section">
          <h3>{phrases.model}</h3>
          <ModelView model={trace.model} />
        </section>
      )}
      <section class="trace-section">
        <h3>{phrases.timing}</h3>
        <Timing trace={trace} />
      </section>
    </div>
  );
}
