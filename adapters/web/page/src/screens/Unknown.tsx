import { Screen } from '../components/Screen.js';
import { hrefs } from '../state/route.js';
import { words } from '../state/words.js';

/** An address that names no screen. */
export function Unknown() {
  const phrases = words().errors;
  return (
    <Screen page={phrases.notFound} title={phrases.notFound} narrow>
      <p>
        <a class="button button-primary" href={hrefs.start}>
          {phrases.notFoundHome}
        </a>
      </p>
    </Screen>
  );
}
