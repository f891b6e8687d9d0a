import { hash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { scriptOf } from 'sojourn/web/client-modules'

export interface BrowserScript {
  /** Another one with each version, so that browsers may keep it for good. */
  readonly path: string
  readonly text: string
}

const folder = new URL('./browser/', import.meta.url)

/** A script of `browser/`, as a browser loads it. */
export function browserScript(name: string): BrowserScript {
  const file = readdirSync(folder).find((one) => one === `${name}.ts` || one === `${name}.js`)
  if (file === undefined) throw new Error(`the server was installed without its script ${name}`)
  const text = scriptOf(new URL(file, folder))
  return { path: `/assets/${name}-${hash('sha256', text, 'hex').slice(0, 16)}.js`, text }
}
