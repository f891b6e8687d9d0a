import type { Outage } from './verifying-node.ts'
import type { NodeReport } from './verifying-report.ts'

export interface Late {
  readonly node: number
  readonly id: string
  /** How long after the revocation was acknowledged, in milliseconds. */
  readonly by: number
}

/** What came of a run. Every list is empty where the bound holds. */
export interface Judgement {
  readonly operations: number
  readonly revocations: number
  readonly fromMemory: number
  readonly failed: number
  /** "Active", judged later than the bound after the revocation. */
  readonly late: readonly Late[]
  /** "Active" to a question that came after the same node had revoked. */
  readonly lateOfOwn: readonly Late[]
  /** Nodes that said "active" of anything while their line had been dead for longer than the bound. */
  readonly whileDead: readonly number[]
  /** Nodes that said "active" of nothing any more once their line was sound again. */
  readonly unrecovered: readonly number[]
}

/** How long what was on the line when it died may take to be read, in milliseconds. */
const slack = 100

/** Judges what nodes reported, and when others heard that they had revoked. */
export function boundJudgement(
  bound: number,
  revoked: Readonly<Record<string, number>>,
  reports: readonly NodeReport[],
  nodes: readonly { readonly outages: readonly Outage[] }[],
): Judgement {
  const late: Late[] = []
  const lateOfOwn: Late[] = []
  const all = [revoked, ...reports.map((report) => report.revoked)]
  for (const [by, acknowledged] of all.entries())
    for (const [id, at] of Object.entries(acknowledged))
      for (const [node, { active }] of reports.entries()) {
        const seen = active[id]
        if (seen === undefined) continue
        if (seen.judged - at > bound) late.push({ node, id, by: seen.judged - at })
        if (node === by - 1 && seen.asked > at) lateOfOwn.push({ node, id, by: seen.asked - at })
      }
  const said = (node: number, from: number, until: number): boolean =>
    reports[node]?.tenths.some((tenth) => tenth * 100 >= from && tenth * 100 + 100 <= until) ?? false
  const outagesOf = (is: (node: number, outage: Outage) => boolean): number[] =>
    nodes.flatMap(({ outages }, node) => (outages.some((outage) => is(node, outage)) ? [node] : []))
  const sum = (of: (report: NodeReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0)
  const revocations = all.reduce((total, each) => total + Object.keys(each).length, 0)
  return {
    operations: revocations + sum(({ verified }) => verified),
    revocations,
    fromMemory: sum(({ fromMemory }) => fromMemory),
    failed: sum(({ failed }) => failed),
    late,
    lateOfOwn,
    whileDead: outagesOf((node, { from, until }) => said(node, from + bound + slack, until)),
    unrecovered: outagesOf((node, { until }) => !said(node, until, Infinity)),
  }
}
