import type { ComponentChild } from 'preact';
import { useEffect } from 'preact/hooks';
import { KeyDialog } from './components/KeyDialog.js';
import { Navigation } from './components/Navigation.js';
import { Toasts } from './components/Toasts.js';
import { CharacterScreen } from './screens/CharacterScreen.js';
import { Characters } from './screens/Characters.js';
import { Chat } from './screens/Chat.js';
import { Conversations } from './screens/Conversations.js';
import { Matches } from './screens/Matches.js';
import { MyData } from './screens/MyData.js';
import { Safety } from './screens/Safety.js';
import { Start } from './screens/Start.js';
import { Unknown } from './screens/Unknown.js';
import { hello } from './state/account.js';
import { route } from './state/location.js';
import type { Route } from './state/route.js';
import { loadedWords, words } from './state/words.js';

function screenOf(at: Route): ComponentChild {
  switch (at.screen) {
    case 'start':
      return <Start />;
    case 'match':
      return <Matches />;
    case 'chat':
      return <Chat key={at.id} id={at.id} />;
    case 'characters':
      return <Characters />;
    case 'character':
      return <CharacterScreen key={at.id} id={at.id} />;
    case 'conversations':
      return <Conversations />;
    case 'data':
      return <MyData />;
    case 'safety':
      return <Safety />;
    case 'unknown':
      return <Unknown />;
  }
}

/** The page: navigation beside the screen that the address names. */
export function App() {
  const locale = loadedWords.value?.locale;
  useEffect(() => {
    if (locale !== undefined) document.documentElement.lang = locale;
  }, [locale]);
  if (locale === undefined || hello.value === null) {
    return (
      <>
        <div class="loading-page">
          <span class="dots" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
        </div>
        <KeyDialog />
      </>
    );
  }
  const at = route.value;
  return (
    <div class={`shell shell-${at.screen}`}>
      <button type="button" class="skip" onClick={() => document.getElementById('main')?.focus()}>
        {words().app.skip}
      </button>
      <Navigation />
      <main id="main" class="main" tabIndex={-1}>
        {screenOf(at)}
      </main>
      <Toasts />
      <KeyDialog />
    </div>
  );
}
