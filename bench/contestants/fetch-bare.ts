import { anyCookie } from './any-cookie.ts'
import { fetchLoop } from './fetch-loop.ts'
import type { Loop } from './contestant.ts'

export function loop(): Promise<Loop> {
  return fetchLoop(
    () => Response.json({ subject: 'u-1000' }),
    () => anyCookie(),
  )
}
