import { patternOf } from './rule.js';

/** What speaks for a statement being told, played or long over, not meant of now. It lowers the score and decides nothing. */
export const tellings: readonly RegExp[] = [
  // fiction, songs, school and work
  '(?:in|from|at the end of|of|reading|watching|wrote|writing|called|finished|seen|listening to|about) (?:the|a|an|this|that|my|our|his|her|chapter|act|episode|season) ?(?:\\w+ ){0,3}(?:films?|movies?|songs?|books?|novels?|plays?|shows?|series|episodes?|musical|opera|chapters?|scene|poems?|lyrics|anime|manga|documentary|podcast|story|stories|fanfic\\w*|screenplay|script|thriller|essay|paper|thesis|report|article|lecture|seminar|textbook|exam question|presentation|painting)',
  '(?:the|a|my|this|that|main|his|her|our) (?:\\w+ )?(?:character|characters|protagonist|villain|hero|heroine|hamlet|ophelia|romeo|juliet|actor|actress|narrator|detective|singer|author)',
  'romeo and juliet|hamlet|ophelia|thirteen reasons why|13 reasons why|anna karenina|madame bovary|werther|sylvia plath|the bell jar|macbeth|shakespeare|tolstoy|the lyrics|lyrics (?:go|say)|the line|the chorus|quote|movie night|the soundtrack',
  '(?:for|in|during) (?:my|a|the|our|this) (?:\\w+ )?(?:class|course|homework|assignment|project|essay|thesis|research|degree|training|exam|shift|rotation|novel|play|job|screenplay)|(?:i|she|he|who) (?:work|works|worked|volunteer|volunteers|volunteered|trained|train) (?:at|for|in|as|on|with)',
  '(?:historical|history|century|medieval|war|news|newspaper|headline|statistics|study|studies|researchers?|article|wikipedia)',
  // games
  '(?:respawn\\w*|boss(?: fight| battle)|level \\d+|the lobby|ranked|npcs?|speedrun|the raid|loot|dungeon|minecraft|fortnite|valorant|elden ring|dark souls|mario kart|the sims|roblox|league of legends|overwatch|zelda|skyrim|game of|dnd|d&d|campaign|dungeon master|my (?:sim|avatar|team|clan|guild|squad)|xp|hp|health bar|game over|save file|speed run|pvp|this game|that game|the game|video game|board game|card game|laser tag|paintball|nerf|paint ball|chess)',
  // long over
  '(?:\\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|many|several|a few|a couple of|some) (?:years|decades) (?:ago|back|later|since|clean|sober|in recovery|free)|years ago|a decade ago|(?:when|while) i was (?:a (?:teen\\w*|kid|child|student)|in (?:college|school|high school|my)|young\\w*|\\d+|little)|back then|used to|in the past|as a (?:teen\\w*|child|kid)|last century',
  "(?:i(?:'m| am|'ve been)?|been|months|years|weeks|days) (?:\\w+ )?(?:clean|in recovery|recovered|self-harm free|sober)|glad i (?:survived|didn't|lived|stayed|got help|failed|called)|(?:i )?(?:got|sought) help|my therapist (?:helped|and i)|(?:today|now) i(?:'m| am) (?:happy|fine|ok|okay|well|better|grateful|glad|alive and)|looking back|i(?:'m| am) (?:so )?(?:much )?(?:better|happy|grateful|glad) now|i(?:'ve)? survived",
].map(patternOf);

/** Laughter. It lowers what is said about others; who laughs about their own death may mean it. */
export const laughing =
  /\b(?:lol|lmao|lmfao|rofl|haha+|hehe+|jk|just kidding|xd|joking|kidding)\b|😂|🤣|💀|😆|😹/iu;
