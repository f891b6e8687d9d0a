import type { Session, Sessions } from 'sojourn'
import { defineCheck } from './check.ts'

/** How many live sessions are looked at. */
const mostLookedAt = 20_000
/** How many are named. */
const mostNamed = 5

export const storeCheck = defineCheck({
  name: 'session store',
  needs: ['store'],
  async look({ store }) {
    await store.find('sojourn-doctor')
    return { state: 'ok', says: `${store.name} answers` }
  },
})

export const closedAccountsCheck = defineCheck({
  name: 'closed accounts',
  needs: ['sessions', 'accounts'],
  async look({ sessions, accounts }) {
    const { bySubject, isWhole } = await liveOf(sessions)
    const closed: string[] = []
    const subjects = [...bySubject.keys()]
    for (let at = 0; at < subjects.length; at += 500) {
      const some = subjects.slice(at, at + 500)
      const found = await accounts.findAll(some)
      closed.push(...some.filter((id) => found.get(id)?.disabledAt !== null))
    }
    if (closed.length === 0) return { state: 'ok', says: `none has a live session${among(isWhole)}` }
    return {
      state: 'failure',
      says: `live sessions of accounts that are disabled or deleted: ${named(closed)}`,
      todo: 'sojourn sessions end --subject ID, for each',
    }
  },
})

export const limitsCheck = defineCheck({
  name: 'limits',
  needs: ['sessions'],
  async look({ sessions }) {
    const { bySubject, isWhole } = await liveOf(sessions)
    const over: string[] = []
    for (const [subject, all] of bySubject) {
      const own = all.filter(({ activatedAt, actor }) => activatedAt !== null && actor === null)
      const [newest] = own
      if (newest === undefined) continue
      const { app, roles, method } = newest
      const { limit } = await sessions.explainLimit({
        subject,
        roles,
        ...(app === null ? {} : { app }),
        ...(method === null ? {} : { method }),
      })
      if (limit !== 'unlimited' && own.length > limit) over.push(subject)
    }
    if (over.length === 0)
      return { state: 'ok', says: `nobody has more sessions than they may${among(isWhole)}` }
    return {
      state: 'warning',
      says: `more sessions than their limit allows now: ${named(over)}`,
      todo: 'a limit that was lowered holds from the next sign-in on; end what is too many on /nova/resources/auth-sessions',
    }
  },
})

/** Live sessions of people, newest first, by whose they are. */
async function liveOf(sessions: Pick<Sessions<object>, 'list'>) {
  const bySubject = new Map<string, Session[]>()
  let lookedAt = 0
  let cursor: string | undefined
  do {
    const page = await sessions.list({
      state: 'live',
      limit: 1_000,
      ...(cursor === undefined ? {} : { cursor }),
    })
    for (const session of page.items) {
      if (session.subject === null) continue
      const own = bySubject.get(session.subject) ?? []
      own.push(session)
      bySubject.set(session.subject, own)
    }
    lookedAt += page.items.length
    cursor = page.cursor ?? undefined
  } while (cursor !== undefined && lookedAt < mostLookedAt)
  return { bySubject, isWhole: cursor === undefined }
}

function among(isWhole: boolean): string {
  return isWhole ? '' : `, among the newest ${mostLookedAt} sessions`
}

function named(ids: readonly string[]): string {
  const rest = ids.length - mostNamed
  return `${ids.slice(0, mostNamed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
