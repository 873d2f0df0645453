/** A component, or any part of a body, before anything is known of it. */
export type Node = Readonly<Record<string, unknown>>;

export function nodeOf(value: unknown): Node {
  return typeof value === 'object' && value !== null ? (value as Node) : {};
}
export function listOf(value: unknown): Node[] {
  return Array.isArray(value) ? value.map(nodeOf) : [];
}

/** Every component of a tree, in the order it is shown. */
export function flatten(components: unknown): Node[] {
  return listOf(components).flatMap((node) => [
    node,
    ...flatten(node.components),
    ...(node.component ? flatten([node.component]) : []),
    ...(node.accessory ? flatten([node.accessory]) : []),
  ]);
}
