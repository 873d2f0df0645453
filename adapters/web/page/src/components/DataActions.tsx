import { useState } from 'preact/hooks';
import { api } from '../api/calls.js';
import { emptyPersona, hello, matches, recent, setPaused, setPersona } from '../state/account.js';
import { go } from '../state/location.js';
import { forgetLocal } from '../state/outbox.js';
import { hrefs } from '../state/route.js';
import { saveFile } from '../state/save-file.js';
import { attempt, tell } from '../state/toasts.js';
import { fill, plural, words } from '../state/words.js';
import { Confirm } from './Confirm.js';
import { Icon, type IconName } from './Icon.js';

interface ActionProps {
  readonly title: string;
  readonly text: string;
  readonly action: string;
  readonly icon: IconName;
  readonly danger?: boolean;
  readonly onAct: () => void;
  /** Another way to do it. */
  readonly other?: { readonly action: string; readonly onAct: () => void };
}

function Action({ title, text, action, icon, danger = false, onAct, other }: ActionProps) {
  return (
    <div class="data-action">
      <div>
        <h2>{title}</h2>
        <p class="hint">{text}</p>
      </div>
      <div class="data-buttons">
        <button type="button" class={danger ? 'button button-danger-quiet' : 'button'} onClick={onAct}>
          <Icon name={icon} />
          {action}
        </button>
        {other && (
          <button type="button" class="button" onClick={other.onAct}>
            <Icon name={icon} />
            {other.action}
          </button>
        )}
      </div>
    </div>
  );
}

async function download(file: string, format: 'html' | 'json'): Promise<void> {
  saveFile(await api.export(format), file);
}

/** Export, pause, erase. */
export function DataActions() {
  const [erasing, setErasing] = useState(false);
  const phrases = words().data;
  const paused = hello.value?.person.paused ?? false;

  const pause = async (): Promise<void> => {
    if (await attempt(() => api.setPaused(!paused))) setPaused(!paused);
  };
  const erase = async (): Promise<void> => {
    setErasing(false);
    await attempt(async () => {
      const { erased } = await api.erase();
      forgetLocal();
      setPersona(emptyPersona);
      setPaused(false);
      matches.value = null;
      recent.value = [];
      const { locale } = words();
      tell(
        fill(phrases.erased, {
          sessions: plural(phrases.erasedSessions, erased.sessions, locale),
          entries: plural(phrases.erasedEntries, erased.entries, locale),
          memories: plural(phrases.erasedMemories, erased.memories, locale),
        }),
      );
      go(hrefs.start);
    });
  };

  return (
    <section class="card section data-actions">
      <Action
        title={phrases.exportTitle}
        text={phrases.exportText}
        action={phrases.exportPage}
        icon="download"
        onAct={() => void attempt(() => download(phrases.exportPageFile, 'html'))}
        other={{
          action: phrases.export,
          onAct: () => void attempt(() => download(phrases.exportFile, 'json')),
        }}
      />
      <Action
        title={phrases.pauseTitle}
        text={paused ? phrases.pausedNow : phrases.pauseText}
        action={paused ? phrases.resume : phrases.pause}
        icon={paused ? 'play' : 'pause'}
        onAct={() => void pause()}
      />
      <Action
        title={phrases.eraseTitle}
        text={phrases.eraseText}
        action={phrases.erase}
        icon="trash"
        danger
        onAct={() => setErasing(true)}
      />
      {erasing && (
        <Confirm
          title={phrases.eraseDialogTitle}
          text={phrases.eraseDialogText}
          action={phrases.eraseConfirm}
          word={phrases.eraseWord}
          onConfirm={() => void erase()}
          onClose={() => setErasing(false)}
        />
      )}
    </section>
  );
}
