/** What the platform calls the commands: by these ids a message can hold a command that is run with one click. */
export class CommandIds {
  readonly #ids = new Map<string, ReadonlyMap<string, string>>();

  /** @param scope a guild, or `global`. */
  set(scope: string, commands: readonly { readonly name: string; readonly id: string }[]): void {
    this.#ids.set(scope, new Map(commands.map(({ name, id }) => [name, id])));
  }

  /** A command (`memory add`) as a message shows it; one to click where its id is known. */
  mention(path: string, guild?: string): string {
    const [name = ''] = path.split(' ');
    const id = (guild && this.#ids.get(guild)?.get(name)) || this.#ids.get('global')?.get(name);
    return id ? `</${path}:${id}>` : `\`/${path}\``;
  }
}
