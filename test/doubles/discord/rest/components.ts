import { ButtonStyle, ComponentType } from 'discord-api-types/v10';
import { listOf, type Node, nodeOf } from '../world/nodes.js';
import type { FieldError } from './errors.js';

type Path = readonly (string | number)[];

const selects: ReadonlySet<unknown> = new Set([
  ComponentType.StringSelect,
  ComponentType.UserSelect,
  ComponentType.RoleSelect,
  ComponentType.MentionableSelect,
  ComponentType.ChannelSelect,
]);

/** Checks a message's components by the rules of its kind and collects what is wrong. */
export class ComponentCheck {
  readonly errors: FieldError[] = [];
  readonly #v2: boolean;
  readonly #customIds = new Set<string>();
  #count = 0;
  #text = 0;

  /** @param v2 the message has IS_COMPONENTS_V2. */
  constructor(v2: boolean) {
    this.#v2 = v2;
  }

  run(components: readonly unknown[]): this {
    const path: Path = ['components'];
    if (!this.#v2 && components.length > 5) this.#tooMany(path, 5);
    for (const [at, component] of components.entries()) this.#topLevel(nodeOf(component), [...path, at]);
    if (this.#v2 && this.#count > 40)
      this.#fail(path, 'COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED', 'The maximum number of components is 40.');
    if (this.#v2 && this.#text > 4_000)
      this.#fail(
        path,
        'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED',
        'Components displayable text size exceeds maximum size of 4000',
      );
    return this;
  }

  #topLevel(node: Node, path: Path): void {
    const allowed = this.#v2
      ? [
          ComponentType.ActionRow,
          ComponentType.Section,
          ComponentType.TextDisplay,
          ComponentType.MediaGallery,
          ComponentType.File,
          ComponentType.Separator,
          ComponentType.Container,
        ]
      : [ComponentType.ActionRow];
    this.#block(node, path, allowed);
  }

  #block(node: Node, path: Path, allowed: readonly ComponentType[]): void {
    this.#count += 1;
    const type = node.type as ComponentType;
    if (!allowed.includes(type)) {
      this.#fail(
        [...path, 'type'],
        'BASE_TYPE_CHOICES',
        `Value of field "type" must be one of (${allowed.join(', ')}).`,
      );
      return;
    }
    if (type === ComponentType.ActionRow) this.#row(node, path);
    else if (type === ComponentType.TextDisplay) this.#textDisplay(node, path);
    else if (type === ComponentType.Section) this.#section(node, path);
    else if (type === ComponentType.Container) this.#container(node, path);
    else if (type === ComponentType.MediaGallery) this.#size(node.items, [...path, 'items'], 1, 10);
    else if (type === ComponentType.File) this.#file(node, path);
  }

  #row(node: Node, path: Path): void {
    const inner = listOf(node.components);
    const at: Path = [...path, 'components'];
    const hasSelect = inner.some((one) => selects.has(one.type));
    this.#size(inner, at, 1, hasSelect ? 1 : 5);
    inner.forEach((one, index) => {
      this.#count += 1;
      if (one.type === ComponentType.Button) this.#button(one, [...at, index]);
      else if (selects.has(one.type)) this.#select(one, [...at, index]);
      else
        this.#fail(
          [...at, index, 'type'],
          'BASE_TYPE_CHOICES',
          'Value of field "type" must be one of (2, 3, 5, 6, 7, 8).',
        );
    });
  }

  #button(node: Node, path: Path): void {
    const style = node.style as ButtonStyle;
    this.#length(node.label, [...path, 'label'], 0, 80);
    if (style === ButtonStyle.Link) {
      if (typeof node.url !== 'string') this.#required([...path, 'url']);
      if (node.custom_id !== undefined)
        this.#fail(
          path,
          'BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE',
          'A custom id and url cannot both be specified',
        );
    } else if (style >= ButtonStyle.Primary && style <= ButtonStyle.Danger) this.#customId(node, path);
    else if (style !== ButtonStyle.Premium)
      this.#fail(
        [...path, 'style'],
        'BASE_TYPE_CHOICES',
        'Value of field "style" must be one of (1, 2, 3, 4, 5, 6).',
      );
    if (style !== ButtonStyle.Premium && !node.label && !node.emoji)
      this.#fail(
        [...path, 'label'],
        'BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED',
        'A button must have a label or an emoji',
      );
  }

  #select(node: Node, path: Path): void {
    this.#customId(node, path);
    this.#length(node.placeholder, [...path, 'placeholder'], 0, 150);
    if (node.type !== ComponentType.StringSelect) return;
    const options = listOf(node.options);
    this.#size(options, [...path, 'options'], 1, 25);
    const values = new Set<unknown>();
    options.forEach((option, at) => {
      const where: Path = [...path, 'options', at];
      this.#length(option.label, [...where, 'label'], 1, 100);
      this.#length(option.value, [...where, 'value'], 1, 100);
      this.#length(option.description, [...where, 'description'], 0, 100);
      if (values.has(option.value))
        this.#fail(
          [...where, 'value'],
          'SELECT_COMPONENT_OPTION_VALUE_DUPLICATED',
          'The specified option value is already used',
        );
      values.add(option.value);
    });
  }

  #section(node: Node, path: Path): void {
    const texts = listOf(node.components);
    this.#size(texts, [...path, 'components'], 1, 3);
    for (const [at, one] of texts.entries())
      this.#block(one, [...path, 'components', at], [ComponentType.TextDisplay]);
    const accessory = nodeOf(node.accessory);
    this.#count += 1;
    if (accessory.type === ComponentType.Button) this.#button(accessory, [...path, 'accessory']);
    else if (accessory.type !== ComponentType.Thumbnail) this.#required([...path, 'accessory']);
  }

  #container(node: Node, path: Path): void {
    const allowed = [
      ComponentType.ActionRow,
      ComponentType.Section,
      ComponentType.TextDisplay,
      ComponentType.MediaGallery,
      ComponentType.File,
      ComponentType.Separator,
    ];
    for (const [at, one] of listOf(node.components).entries())
      this.#block(one, [...path, 'components', at], allowed);
  }

  #textDisplay(node: Node, path: Path): void {
    this.#length(node.content, [...path, 'content'], 1, 4_000);
    if (typeof node.content === 'string') this.#text += node.content.length;
    else this.#required([...path, 'content']);
  }

  #file(node: Node, path: Path): void {
    const url = nodeOf(node.file).url;
    if (typeof url !== 'string' || !url.startsWith('attachment://'))
      this.#fail(
        [...path, 'file', 'url'],
        'URL_TYPE_INVALID_SCHEME',
        "Scheme must be one of ('attachment',).",
      );
  }

  #customId(node: Node, path: Path): void {
    const id = node.custom_id;
    const where: Path = [...path, 'custom_id'];
    if (typeof id !== 'string') {
      this.#required(where);
      return;
    }
    this.#length(id, where, 1, 100);
    if (this.#customIds.has(id))
      this.#fail(where, 'COMPONENT_CUSTOM_ID_DUPLICATED', 'Component custom id cannot be duplicated');
    this.#customIds.add(id);
  }

  #length(value: unknown, path: Path, least: number, most: number): void {
    if (typeof value !== 'string') return;
    if (value.length > most || value.length < least)
      this.#fail(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`);
  }
  #size(value: unknown, path: Path, least: number, most: number): void {
    const size = Array.isArray(value) ? value.length : 0;
    if (size < least || size > most)
      this.#fail(path, 'BASE_TYPE_BAD_LENGTH', `Must be between ${least} and ${most} in length.`);
  }
  #tooMany(path: Path, most: number): void {
    this.#fail(path, 'BASE_TYPE_MAX_LENGTH', `Must be ${most} or fewer in length.`);
  }
  #required(path: Path): void {
    this.#fail(path, 'BASE_TYPE_REQUIRED', 'This field is required');
  }
  #fail(path: Path, code: string, message: string): void {
    this.errors.push({ path, code, message });
  }
}
