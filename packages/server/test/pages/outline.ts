export interface Tag {
  readonly name: string
  readonly attributes: { readonly [name: string]: string }
  /** The text up to the element's end, without markup. */
  readonly text: string
}

/** The elements of a document in their order. It reads what the pages write: quoted attributes, every element closed. */
export function tagsOf(markup: string): readonly Tag[] {
  return [...markup.matchAll(tagPattern)].map((match) => {
    const [whole, name = '', inside = ''] = match
    const start = match.index + whole.length
    const end = endOf(name, markup, start)
    return { name, attributes: attributesOf(inside), text: textOf(markup.slice(start, end)) }
  })
}

/** What is left of a page when all that is text is taken away: the same for every text, or a text broke out. */
export function outlineOf(markup: string): readonly string[] {
  return tagsOf(markup).map(({ name, attributes }) => [name, ...Object.keys(attributes)].join(' '))
}

/** What a person reads, entities decoded and blanks made one. */
export function textOf(markup: string): string {
  return decode(markup.replace(/<!?\/?[a-z](?:"[^"]*"|[^">])*>/gi, ' '))
    .replace(/\s+/g, ' ')
    .trim()
}

const tagPattern = /<([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/gi

function attributesOf(inside: string): Tag['attributes'] {
  const pairs = inside.matchAll(/([^\s=/"]+)(?:="([^"]*)")?/g)
  return Object.fromEntries([...pairs].map(([, name = '', value = '']) => [name, decode(value)]))
}

function endOf(name: string, markup: string, start: number): number {
  let depth = 1
  for (const match of markup.slice(start).matchAll(new RegExp(`<(/?)${name}\\b`, 'gi'))) {
    depth += match[1] === '/' ? -1 : 1
    if (depth === 0) return start + match.index
  }
  return start
}

function decode(text: string): string {
  const known: { readonly [entity: string]: string } = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' }
  return text.replace(/&(lt|gt|quot|#39|amp);/g, (_, entity: string) => known[entity] ?? '')
}
