import { columns, whole } from '../columns.ts'
import type { LargePostgres } from './large-postgres.ts'
import type { SessionSize } from './session-sizes.ts'
import type { VerifyTime } from './verify-times.ts'

/** What the project holds itself to: a page within so many milliseconds, and so much more at most of a verify during a sweep. */
const [pageTarget, riseTarget] = [300, 0.2]

export function keepsTargets({ pages, verify }: LargePostgres): boolean {
  return pages.every(({ p99 }) => p99 < pageTarget) && verify.swept.rise.median < riseTarget
}

export function sizesTable(sizes: readonly SessionSize[]): string {
  const rows = sizes.map(({ store, bytes, indexes, by }) => [
    store,
    whole(bytes),
    indexes === null ? '' : whole(indexes),
    by.padEnd(Math.max(...sizes.map((size) => size.by.length))),
  ])
  const head = ['', 'bytes', 'indexes', 'measured by'.padEnd(rows[0]?.[3]?.length ?? 0)]
  return [
    `Bytes a session, of ${whole(sizes[0]?.sessions ?? 0)} live ones`,
    ...columns([head, ...rows]),
  ].join('\n')
}

export function largeTables(large: LargePostgres): string {
  const { live, ended, bytes, indexes } = large
  const about = `PostgreSQL with ${whole(live)} live and ${whole(ended)} ended sessions, ${whole(bytes)} bytes each, ${whole(indexes)} of them in indexes`
  return [about, pagesTable(large), sweepTable(large), verifyTable(large)].join('\n\n')
}

function pagesTable({ pages }: LargePostgres): string {
  const rows = pages.map(({ list, page, p50, p99, worst }) => {
    const verdict = `${pageTarget} ${p99 < pageTarget ? 'reached' : 'MISSED'}`
    return [list, whole(page), millis(p50), millis(p99), millis(worst), verdict]
  })
  const head = ['', 'page', 'p50', 'p99', 'worst', 'target']
  return ['Milliseconds of a page of 50', ...columns([head, ...rows])].join('\n')
}

function sweepTable({ sweep: { marked, purged, minimised } }: LargePostgres): string {
  const rows = Object.entries({ marked, purged, minimised }).map(([what, rate]) => [what, whole(rate)])
  return ['Rows of a sweep a second', ...columns([['', 'a second'], ...rows])].join('\n')
}

function verifyTable({ verify: { quiet, burned, swept, rows } }: LargePostgres): string {
  const percent = (share: number): string => `${share < 0 ? '' : '+'}${Math.round(share * 100)} %`
  const row = (name: string, { p50, p99, rise }: VerifyTime): string[] => {
    const spread = `${percent(rise.lower)} – ${percent(rise.upper)}`
    return [name, millis(p50), millis(p99), percent(rise.median), spread]
  }
  const verdict = `20 % ${swept.rise.median < riseTarget ? 'reached' : 'MISSED'}`
  return [
    'Milliseconds of a look-up by a request',
    ...columns([
      ['', 'p50', 'p99', 'p99 rises', 'quartiles', 'target'],
      ['in quiet', millis(quiet.p50), millis(quiet.p99), '', '', ''],
      [...row('while PostgreSQL computes, and touches no table', burned), ''],
      [...row(`while ${whole(rows)} rows a second are swept`, swept), verdict],
    ]),
  ].join('\n')
}

function millis(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1)
}
