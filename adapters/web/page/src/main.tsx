import { render } from 'preact';
import { App } from './App.js';
import { api } from './api/calls.js';
import { ApiError } from './api/request.js';
import { hello, refreshRecent } from './state/account.js';
import { loadedWords } from './state/words.js';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/marks.css';
import './styles/layout.css';
import './styles/start.css';
import './styles/cards.css';
import './styles/gallery.css';
import './styles/own.css';
import './styles/chat.css';
import './styles/message.css';
import './styles/notices.css';
import './styles/goals.css';
import './styles/why.css';
import './styles/dialog.css';
import './styles/data.css';

const retryMs = 2_000;

/** Fetches what every screen needs; a server that is still starting is asked again. */
async function load(): Promise<void> {
  for (;;) {
    try {
      const [known, phrases] = await Promise.all([api.hello(), api.words()]);
      loadedWords.value = phrases;
      hello.value = known;
      await refreshRecent();
      return;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs));
    }
  }
}

const root = document.getElementById('page');
if (root !== null) render(<App />, root);
void load();
