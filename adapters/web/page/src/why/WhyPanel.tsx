import { useEffect, useRef, useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import type { Entry, Trace } from '../api/types.js';
import { Dialog } from '../components/Dialog.js';
import { Icon } from '../components/Icon.js';
import { Waiting } from '../components/Waiting.js';
import { explain } from '../state/toasts.js';
import { words } from '../state/words.js';
import { TraceView } from './TraceView.js';

const wide = matchMedia('(min-width: 1180px)');

function useWide(): boolean {
  const [is, setIs] = useState(wide.matches);
  useEffect(() => {
    const follow = (): void => setIs(wide.matches);
    wide.addEventListener('change', follow);
    return () => wide.removeEventListener('change', follow);
  }, []);
  return is;
}

function Content({ sessionId, entry }: { sessionId: string; entry: Entry }) {
  const [trace, setTrace] = useState<Trace | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  useEffect(() => {
    api.trace(sessionId, entry.id).then(setTrace, setProblem);
  }, [sessionId, entry.id]);
  if (trace !== null) return <TraceView trace={trace} />;
  if (problem === null) return <Waiting />;
  const { text, cure } = explain(problem);
  return (
    <p class="empty">
      {text} {cure}
    </p>
  );
}

/** How a reply came about: beside the conversation on wide screens, over it on narrow ones. */
export function WhyPanel({
  sessionId,
  entry,
  onClose,
}: {
  sessionId: string;
  entry: Entry;
  onClose: () => void;
}) {
  const phrases = words().why;
  const beside = useWide();
  if (!beside) {
    return (
      <Dialog title={phrases.title} kind="sheet" onClose={onClose}>
        <div class="why">
          <p class="hint">{phrases.lead}</p>
          <Content sessionId={sessionId} entry={entry} />
        </div>
      </Dialog>
    );
  }
  return <Beside title={phrases.title} sessionId={sessionId} entry={entry} onClose={onClose} />;
}

/** Takes the focus and gives it back to where it came from; Escape closes it from anywhere on the page. */
function Beside({
  title,
  sessionId,
  entry,
  onClose,
}: {
  title: string;
  sessionId: string;
  entry: Entry;
  onClose: () => void;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const panel = useRef<HTMLElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    const from = document.activeElement;
    const box = panel.current;
    heading.current?.focus({ preventScroll: true });
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]')) return;
      close.current();
    };
    document.addEventListener('keydown', onKey);
    return () => {
      document.removeEventListener('keydown', onKey);
      const left = document.activeElement;
      const inside = left === null || left === document.body || box?.contains(left);
      if (inside && from instanceof HTMLElement) from.focus({ preventScroll: true });
    };
  }, []);
  return (
    <aside ref={panel} class="why why-beside" aria-label={title}>
      <header class="why-head">
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" class="button-icon" aria-label={words().app.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p class="hint">{words().why.lead}</p>
      <Content sessionId={sessionId} entry={entry} />
    </aside>
  );
}
