import { everyRoute } from '../../src/routes/index.ts'
import type { Administration } from './administrators.ts'
import type { Crawl } from './crawl.ts'

/** What stands for `:id` and other parameters at an address, by what its path begins with. */
function filled(path: string, { person, session, integration, webhook }: Administration): string {
  const ids: readonly (readonly [begin: RegExp, id: string])[] = [
    [/\/users\//, person],
    [/sessions\//, session],
    [/\/integrations\//, integration],
    [/\/webhooks\//, webhook],
    [/\/jobs\//, 'sessions'],
  ]
  const id = ids.find(([begin]) => begin.test(path))?.[1] ?? 'unknown'
  return path.replace(':kind', 'role').replace(':name', 'super-admin').replace(':id', id)
}

/** Looks at every page and every list as a Super Admin does, and as nobody does. */
export async function lookAtEverything({ server }: Crawl, administration: Administration): Promise<void> {
  const ada = await server.signedIn('ada@example.com')
  for (const route of everyRoute) {
    if (route.method !== 'GET' || route.path === '/api/v1/admin/events') continue
    const path = filled(route.path, administration)
    for (const one of [ada, server.browser()])
      await (path.startsWith('/api/') ? one.call('GET', path) : one.go(path))
  }
}
