import { activityLaws } from './adapter-contract/activity.ts'
import { cachingLaws } from './adapter-contract/caching.ts'
import { cookieLaws } from './adapter-contract/cookies.ts'
import { crossSiteLaws } from './adapter-contract/cross-site.ts'
import { flashLaws } from './adapter-contract/flash.ts'
import { forgetLaws } from './adapter-contract/forget.ts'
import { formLaws } from './adapter-contract/forms.ts'
import { freshLaws } from './adapter-contract/fresh.ts'
import { guestLaws } from './adapter-contract/guests.ts'
import { loginLaws } from './adapter-contract/login.ts'
import { outageLaws } from './adapter-contract/outage.ts'
import { refusalLaws } from './adapter-contract/refusals.ts'
import { rememberLaws } from './adapter-contract/remember.ts'
import { savingLaws } from './adapter-contract/saving.ts'
import { type Laws, type Serve, Site } from './adapter-contract/site.ts'
import { stepLaws } from './adapter-contract/steps.ts'
import { visitorLaws } from './adapter-contract/visitors.ts'

export { type Answer, responseFrom, sendAnswer } from './adapter-contract/answer.ts'
export type { Route } from './adapter-contract/routes.ts'
export type { Serve, Served } from './adapter-contract/site.ts'

/** `test` of `node:test`, Vitest, Jest, Mocha, Bun: whatever takes a title and a function that may fail. */
export type Runner = (title: string, run: () => Promise<void>) => unknown

const chapters: readonly Laws[] = [
  savingLaws,
  guestLaws,
  loginLaws,
  stepLaws,
  rememberLaws,
  forgetLaws,
  visitorLaws,
  formLaws,
  activityLaws,
  freshLaws,
  flashLaws,
  cookieLaws,
  crossSiteLaws,
  refusalLaws,
  cachingLaws,
  outageLaws,
]

/**
 * Tests that an adapter keeps every promise of the web layer, over real HTTP, one test a promise. `serve` mounts the given
 * routes with the adapter, on a free port of 127.0.0.1.
 *
 *     adapterContract(test, (auth, routes) => {
 *       const app = express().use(sessions(auth))
 *       for (const { method, path, guarded, handle } of routes) …
 *     })
 */
export function adapterContract(test: Runner, serve: Serve): void {
  for (const laws of chapters) {
    for (const [title, law] of Object.entries(laws)) {
      test(title, async () => {
        const sites: Site[] = []
        try {
          await law(async (options = {}) => {
            const site = new Site(options)
            sites.push(site)
            await site.start(serve)
            return site
          })
        } finally {
          for (const site of sites) await site.close()
        }
      })
    }
  }
}
