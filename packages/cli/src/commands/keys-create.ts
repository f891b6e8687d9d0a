import { createKey, keyView, type NewApiKey, type Scope, scopeNames, usualRate } from '@sojourn/server'
import { day } from 'sojourn/core'
import { defineCommand, json } from '../command.ts'
import { durationValue } from '../duration-value.ts'
import { UsageError } from '../failure.ts'
import { oneOf, wholeNumber } from '../option-values.ts'
import { withKeys } from '../with-keys.ts'

export const keysCreate = defineCommand({
  name: 'keys create',
  says: 'make an API key for another back end, and print it this once',
  options: {
    ...json,
    name: { type: 'string', value: 'NAME', says: 'which back end it is for' },
    scope: {
      type: 'string',
      multiple: true,
      value: 'SCOPE',
      says: `${scopeNames.join(', ')}; may be given again`,
    },
    expires: { type: 'string', value: 'SPAN', says: 'when it expires, such as 90d; never if left out' },
    rate: { type: 'string', value: 'N', says: `requests a minute and node; ${usualRate} if left out` },
  },
  async run({ options: { name = '', scope = [], expires, rate, json: asJson } }, terminal) {
    const shown = name.trim()
    if (shown === '' || scope.length === 0) throw new UsageError('expected --name and --scope')
    if (shown.length > 100 || /\p{Cc}/u.test(shown))
      throw new UsageError('--name: expected at most 100 characters, without control characters')
    const scopes: Scope[] = scope.map((one) => oneOf('scope', scopeNames, one))
    const wanted: NewApiKey = {
      name: shown,
      scopes,
      expires_in: expires === undefined ? null : spanOf(expires),
      rate: rate === undefined ? usualRate : wholeNumber('rate', 1, 1_000_000, rate),
    }
    const { key, secret } = await withKeys(terminal, (ground) => createKey(ground, wanted))
    if (asJson === true)
      return terminal.print(`${JSON.stringify({ key: keyView(key, Date.now()), secret })}\n`)
    terminal.print(`${secret}\n`)
    terminal.tell(`The key of ${key.name}. It is not shown again.\n`)
  },
})

function spanOf(written: string): number {
  const expected = 'a span of at most 3650d, such as 90d'
  const span = durationValue('expires', 3_650 * day, expected, written)
  if (span === 0) throw new UsageError(`--expires: expected ${expected}, got ${written}`)
  return span
}
