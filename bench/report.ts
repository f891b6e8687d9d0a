import { columns, whole } from './columns.ts'
import type { StoreCalls } from './counts/store-calls.ts'
import { type ContestantName, targets } from './races.ts'
import type { Result } from './rounds.ts'

/** A race's results as a table for a terminal of 80 columns, with a remark where a figure cannot be trusted. */
export function raceTable(title: string, results: readonly Result[]): string {
  const compared = results.length > 1
  const head = ['', 'a second', ...(compared ? ['ratio', 'quartiles', 'by CPU'] : []), 'CPU ms', 'target']
  const rows = results.map((result, at) => [
    result.name,
    whole(result.rate),
    ...(compared ? ratios(result, at === 0) : []),
    milliseconds(result.cpuMillis),
    verdict(result),
  ])
  return [title, ...columns([head, ...rows]), ...results.flatMap(remarks)].join('\n')
}

export function storeCallsTable(counts: readonly StoreCalls[]): string {
  const rows = counts.map(({ name, requests, readsPerRequest, writesPerRequest }) => [
    name,
    whole(requests),
    readsPerRequest.toFixed(3),
    writesPerRequest.toFixed(3),
  ])
  return ['Calls of the store a request', ...columns([['', 'requests', 'reads', 'writes'], ...rows])].join(
    '\n',
  )
}

function ratios({ ratio, cpuRatio }: Result, isBase: boolean): string[] {
  if (isBase) return ['1.00', '', '1.00']
  return [
    ratio.median.toFixed(2),
    `${ratio.lower.toFixed(2)}–${ratio.upper.toFixed(2)}`,
    cpuRatio.median.toFixed(2),
  ]
}

/** What is to be reached on one core is judged by the time of a core that the row had. */
function verdict({ name, ratio, rate, busy }: Result): string {
  const target = targets[name as ContestantName]
  if (target === undefined) return ''
  const [value, wanted, shown] =
    'ratio' in target
      ? [ratio.median, target.ratio, target.ratio.toFixed(2)]
      : [rate / Math.min(1, busy), target.rate, whole(target.rate)]
  return `${shown} ${value >= wanted ? 'reached' : 'MISSED'}`
}

/** A server that had time to spare was not measured at its limit. */
function remarks({ name, busy, loadBusy }: Result): string[] {
  if (busy >= 0.9) return []
  const cause =
    loadBusy !== null && loadBusy >= 0.9
      ? 'the load generator was the limit'
      : 'it waited, for its store or for other work on this machine'
  return [`! ${name} used ${percent(busy)} of a core: ${cause}; see the ratio by CPU`]
}

/** Three figures that say something, whatever the size. */
function milliseconds(value: number): string {
  return value >= 100 ? whole(value) : value.toPrecision(3)
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
