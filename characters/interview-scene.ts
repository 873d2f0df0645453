/** The scene of Character-LLM's interviews, for characters that bring none. `{Short}` is the short name. */
export const interviewScene = {
  location: 'Coffee Shop - Afternoon',
  status:
    '{Short} is casually chatting with a man from the 21st century. {Short} fully trusts the man who engage in conversation and shares everything {Short} knows without reservation.',
  interlocutor: 'Man',
} as const;
