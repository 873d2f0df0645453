import { useState } from 'preact/hooks';
import { Bar } from '../components/Bar.js';
import { plural, wordFor, words } from '../state/words.js';
import { type Decision, isRecord, memoriesAt, type TracedMemory, textAt } from './decisions.js';
import { ScoredBy } from './ScoredBy.js';

const few = 4;

function Row({ memory, used, most }: { memory: TracedMemory; used: boolean; most: number }) {
  const { locale, aspects, why } = words();
  return (
    <li class={used ? 'traced traced-used' : 'traced'}>
      <div class="traced-head">
        <span class="traced-name">
          {wordFor(aspects, memory.aspect)}
          {used && <span class="tag tag-used">{why.memoryUsed}</span>}
        </span>
        <span class="traced-score">
          {new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
            memory.score,
          )}
        </span>
      </div>
      <Bar share={most > 0 ? memory.score / most : 0} tone={used ? 'accent' : 'quiet'} />
      <p class="traced-text">{memory.text}</p>
    </li>
  );
}

/** The memories that were weighed for this reply, best first, and which were used. */
export function MemoryView({ decision, sent }: { decision: Decision; sent: boolean }) {
  const [all, setAll] = useState(false);
  const phrases = words().why;
  const chosen = memoriesAt(decision, 'chosen');
  const listed = memoriesAt(decision, 'considered');
  const considered = listed.length > 0 ? listed : chosen;
  const most = Math.max(...considered.map(({ score }) => score), 0);
  const isUsed = (memory: TracedMemory): boolean =>
    sent && chosen.some(({ aspect, text }) => aspect === memory.aspect && text === memory.text);
  const told = decision.summary;
  const summary = isRecord(told) ? textAt(told, 'text') : undefined;
  const shown = considered.filter((memory, index) => all || index < few || isUsed(memory));
  const hidden = considered.length - shown.length;
  return (
    <>
      {chosen.length === 0 && <p>{phrases.memoryNone}</p>}
      <ul class="traced-list">
        {shown.map((memory) => (
          <Row key={`${memory.aspect}:${memory.text}`} memory={memory} used={isUsed(memory)} most={most} />
        ))}
      </ul>
      {hidden > 0 && (
        <button type="button" class="link" onClick={() => setAll(true)}>
          {plural(phrases.memoryMore, hidden, words().locale)}
        </button>
      )}
      {summary !== undefined && (
        <>
          <h4>{phrases.memorySummary}</h4>
          <p class="traced-text">{summary}</p>
        </>
      )}
      <ScoredBy kind={textAt(decision, 'kind')} />
    </>
  );
}
