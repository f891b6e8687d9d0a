import { readFileSync } from 'node:fs'
import type { Route } from './route.ts'

const css = readFileSync(new URL('../pages/style.css', import.meta.url), 'utf8')

export const stylesheetRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/assets/style.css',
    access: 'public',
    handle: (asked) =>
      asked.body(css, 200, {
        'Content-Type': 'text/css; charset=utf-8',
        'Cache-Control': 'public, max-age=300',
      }),
  },
]
