import type pg from 'pg'

/** One step of a plan, as PostgreSQL explains it. */
interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

/** What one statement read of one table. */
export interface Read {
  readonly table: string
  readonly by: string
  readonly rows: number
  readonly query: string
}

/** Makes a connection tell of each statement that it runs, those within functions too. */
export async function explaining(client: pg.ClientBase): Promise<void> {
  await client.query(`LOAD 'auto_explain'`)
  const settings = {
    log_min_duration: 0,
    log_nested_statements: 'on',
    log_analyze: 'on',
    log_format: 'json',
    log_level: 'notice',
  }
  for (const [name, value] of Object.entries(settings))
    await client.query(`SET auto_explain.${name} = '${value}'`)
}

/** What the statements read that a connection told of in a message. */
export function readsOf(message: string): readonly Read[] {
  const [, json] = /plan:\s*(\{.*\})\s*$/s.exec(message) ?? []
  if (json === undefined) return []
  const { 'Query Text': query, Plan: plan } = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode }
  const nodes = (node: PlanNode): readonly PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodes)]
  return nodes(plan).flatMap((node) => {
    const { 'Relation Name': table, 'Node Type': by } = node
    if (table === undefined) return []
    const rows = (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops']
    return [{ table, by, rows, query }]
  })
}
