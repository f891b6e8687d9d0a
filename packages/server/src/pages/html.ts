import { html as tag } from 'hono/html'
import type { HtmlEscapedString } from 'hono/utils/html'

/** Markup in which every value from outside has been escaped. */
export type Html = HtmlEscapedString

/** What may stand in a hole of a template. Text is escaped; markup stands as it is; `null`, `undefined` and `false` leave nothing. */
export type Part = string | number | Html | false | null | undefined | readonly Part[]

/** The tag of Hono for values that are all at hand: a page waits for nothing while it is written. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = tag(strings, ...parts)
  if (markup instanceof Promise) throw new TypeError('a page was given a promise; hand in what it gives')
  return markup
}
