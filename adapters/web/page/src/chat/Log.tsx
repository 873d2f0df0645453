import type { ComponentChild } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Entry, Session } from '../api/types.js';
import { Icon } from '../components/Icon.js';
import type { Conversation } from '../state/conversation.js';
import { faceOf, waitingElsewhere } from '../state/transcript.js';
import { fill, words } from '../state/words.js';
import { dayOf } from '../text/dates.js';
import { Disclosure, isDisclosure } from './Disclosure.js';
import { LiveLine } from './LiveLine.js';
import { Notice } from './Notice.js';
import { Opening } from './Opening.js';
import { OutgoingLine } from './OutgoingLine.js';
import { OwnMessage } from './OwnMessage.js';
import { Reply } from './Reply.js';
import { TurnProblem } from './TurnProblem.js';
import { Typing } from './Typing.js';
import { WaitingLine } from './WaitingLine.js';

/** How near the lower edge (px) still counts as reading along. */
const nearPx = 120;

interface LogProps {
  readonly conversation: Conversation;
  readonly session: Session;
  /** The entry whose record is open. */
  readonly explained: string | null;
  readonly onWhy: (entry: Entry) => void;
}

/** The conversation so far; follows new text as long as the reader is at its end. */
export function Log({ conversation, session, explained, onWhy }: LogProps) {
  const box = useRef<HTMLDivElement>(null);
  const following = useRef(true);
  const [away, setAway] = useState(false);
  const entries = conversation.entries.value;
  const live = conversation.live.value;
  const outgoing = conversation.outbox.messages.value;
  const waiting = waitingElsewhere(conversation.waiting.value, outgoing);
  const answering = conversation.answering.value;
  const before = conversation.before.value;
  const phrases = words().chat;

  const toEnd = (): void => {
    const element = box.current;
    if (element !== null) element.scrollTop = element.scrollHeight;
  };
  useLayoutEffect(() => {
    if (following.current) toEnd();
  });
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    const watch = new ResizeObserver(() => {
      if (following.current) toEnd();
    });
    watch.observe(element);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    following.current = true;
    toEnd();
  }, [outgoing.length, waiting.length]);

  const older = async (): Promise<void> => {
    const element = box.current;
    const fromEnd = element === null ? 0 : element.scrollHeight - element.scrollTop;
    following.current = false;
    await conversation.loadOlder();
    requestAnimationFrame(() => {
      if (element !== null) element.scrollTop = element.scrollHeight - fromEnd;
    });
  };

  const greeted = entries.slice(0, 3).some(({ text }) => text === session.character.greeting);
  const last = entries.findLast((entry) => entry.role === 'supporter');
  const pending = [
    ...waiting.map((message) => ({
      at: message.at,
      line: <WaitingLine key={message.id} text={message.text} answering={answering} />,
    })),
    ...outgoing.map((message) => ({
      at: message.at,
      line: <OutgoingLine key={message.id} conversation={conversation} message={message} />,
    })),
    ...live
      .filter(({ text }) => text !== '')
      .map((message) => ({
        at: message.since,
        line: <LiveLine key={message.messageId} message={message} character={session.character} />,
      })),
  ].sort((a, b) => a.at - b.at);

  return (
    <div class="log-frame">
      <div
        ref={box}
        class="log"
        onScroll={(event) => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          following.current = scrollHeight - scrollTop - clientHeight < nearPx;
          setAway(!following.current);
        }}
      >
        {before === null ? (
          <Opening session={session} disclosed={entries.some(isDisclosure)} />
        ) : (
          <button type="button" class="button button-quiet log-older" onClick={() => void older()}>
            {phrases.earlier}
          </button>
        )}
        <ol class="lines" aria-label={fill(phrases.log, { name: session.character.name })}>
          {before === null && !greeted && session.character.greeting !== '' && (
            <Reply
              text={session.character.greeting}
              name={session.character.name}
              avatar={session.character.avatar}
            />
          )}
          {lines(entries, (entry) => {
            if (entry.role === 'seeker') return <OwnMessage key={entry.id} entry={entry} />;
            if (isDisclosure(entry)) return <Disclosure key={entry.id} text={entry.text} />;
            if (entry.role === 'notice') return <Notice key={entry.id} text={entry.text} />;
            if (entry.id.endsWith(':greeting')) {
              return (
                <Reply key={entry.id} text={entry.text} {...faceOf(entry.speakerName, session.character)} />
              );
            }
            const redone = conversation.redoing.value === entry.turnId;
            if (redone && live.some(({ text }) => text !== '')) return null;
            return (
              <Reply
                key={entry.id}
                text={entry.text}
                {...faceOf(entry.speakerName, session.character)}
                entry={entry}
                dimmed={redone}
                explained={explained === entry.id}
                conversation={conversation}
                newest={entry === last && !answering}
                onWhy={onWhy}
              />
            );
          })}
          {pending.map(({ line }) => line)}
          {answering && !live.some(({ text }) => text !== '') && <Typing session={session} />}
        </ol>
        <TurnProblem conversation={conversation} turnId={last?.turnId ?? null} />
      </div>
      {away && (
        <button type="button" class="log-newest" aria-label={phrases.newest} onClick={toEnd}>
          <Icon name="down2" />
        </button>
      )}
    </div>
  );
}

/** Entries with a heading wherever a new day begins. */
function lines(entries: readonly Entry[], draw: (entry: Entry) => ComponentChild): ComponentChild[] {
  const { locale, chat } = words();
  const out: ComponentChild[] = [];
  let before = '';
  for (const entry of entries) {
    const day = dayOf(entry.at, Date.now(), chat.day, locale);
    if (day !== before)
      out.push(
        <li key={`day-${entry.id}`} class="day">
          <span>{day}</span>
        </li>,
      );
    before = day;
    out.push(draw(entry));
  }
  return out;
}
