import { DataActions } from '../components/DataActions.js';
import { MyLorebook } from '../components/MyLorebook.js';
import { MyMemories } from '../components/MyMemories.js';
import { MyPersona } from '../components/MyPersona.js';
import { Screen } from '../components/Screen.js';
import { words } from '../state/words.js';

/** Everything Rapport knows about the person, and what they can do with it. */
export function MyData() {
  const phrases = words().data;
  return (
    <Screen page={phrases.page} title={phrases.title} lead={phrases.lead} narrow>
      <div class="sections">
        <MyPersona />
        <MyMemories />
        <MyLorebook />
        <DataActions />
      </div>
    </Screen>
  );
}
