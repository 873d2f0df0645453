import { useState } from 'preact/hooks';
import { filters, mbtiTypes, noFilters } from '../state/gallery.js';
import { words } from '../state/words.js';
import { Icon } from './Icon.js';

const fewTags = 10;

/** Search, type and subjects of the gallery. */
export function GalleryFilters({ tags }: { tags: readonly string[] }) {
  const [all, setAll] = useState(false);
  const phrases = words().gallery;
  const current = filters.value;
  const visible = all ? tags : tags.filter((tag, index) => index < fewTags || tag === current.tag);
  const filtered = current.q !== '' || current.tag !== '' || current.mbti !== '';
  return (
    <search class="filters">
      <div class="filters-row">
        <label class="search">
          <span class="visually-hidden">{phrases.searchLabel}</span>
          <Icon name="search" />
          <input
            class="input"
            type="search"
            value={current.q}
            placeholder={phrases.searchPlaceholder}
            onInput={(event) => {
              filters.value = { ...filters.value, q: event.currentTarget.value };
            }}
          />
        </label>
        <label>
          <span class="visually-hidden">{phrases.typeLabel}</span>
          <select
            class="input"
            value={current.mbti}
            onChange={(event) => {
              filters.value = { ...filters.value, mbti: event.currentTarget.value };
            }}
          >
            <option value="">{phrases.typeAll}</option>
            {mbtiTypes.map((type) => (
              <option key={type} value={type}>
                {type}
              </option>
            ))}
          </select>
        </label>
      </div>
      {tags.length > 0 && (
        <fieldset class="chips">
          <legend class="visually-hidden">{phrases.tagsLabel}</legend>
          {visible.map((tag) => (
            <button
              key={tag}
              type="button"
              class="chip"
              aria-pressed={current.tag === tag}
              onClick={() => {
                filters.value = { ...filters.value, tag: current.tag === tag ? '' : tag };
              }}
            >
              {tag.replaceAll('-', ' ')}
            </button>
          ))}
          {tags.length > fewTags && (
            <button type="button" class="chip chip-quiet" aria-expanded={all} onClick={() => setAll(!all)}>
              {all ? phrases.fewerTags : phrases.moreTags}
            </button>
          )}
          {filtered && (
            <button
              type="button"
              class="chip chip-quiet"
              onClick={() => {
                filters.value = noFilters;
              }}
            >
              {phrases.clear}
            </button>
          )}
        </fieldset>
      )}
    </search>
  );
}
