/** A mapping of a configuration file. */
type Tree = Record<string, unknown>;

/**
 * The settings of an older version under their present names. What a file sets under both names keeps the present one.
 * @param notes takes a sentence for each setting that was found under an old name.
 */
export function renamed(tree: Tree, notes: string[]): Tree {
  const { models, ...rest } = tree;
  if (!isTree(models)) return tree;
  const { personaScore, memorySelector, ...unknown } = models;
  const scorers: Tree = {};
  if (personaScore !== undefined) {
    scorers.personaScore = personaScore;
    notes.push('models.personaScore is now scorers.personaScore; rename it in your file');
  }
  if (isTree(memorySelector)) {
    if (memorySelector.kind === 'characterchat-bert') scorers.characterchatSelector = memorySelector.path;
    notes.push(
      'models.memorySelector is now scorers.characterchatSelector (its path, or off); rename it in your file',
    );
  }
  return {
    ...rest,
    // What is no setting of any version is left for the schema to name.
    ...(Object.keys(unknown).length > 0 && { models: unknown }),
    scorers: { ...scorers, ...(isTree(rest.scorers) && rest.scorers) },
  };
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
