/** Writes `docs/policy.md` from the options that the code reads. `--check` only compares. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  expandPolicy,
  layersOf,
  optionNames,
  policyOptions,
  type PresetName,
  presets,
  resolvePolicy,
} from 'sojourn/core'

export const referencePath = join(import.meta.dirname, '../docs/policy.md')

const head = `# Policy reference

Every option, its default and what it does. This page is made from the code: \`npm run policy-reference\`.

A policy is a preset's name, or a layer: \`{ extends: 'jadu', idleTimeout: '12m' }\` (what regenerates tokens, as \`jadu\` does,
needs the option \`secret\`). A layer may narrow its options for
realms, applications, roles, login methods and integrations: \`{ roles: { administrator: { limit: 1 } } }\`. A subject's own
layer comes from \`subjectPolicy\`. "Tightest": of all layers that set the option, the strictest value holds. "Nearest": the
layer that is nearest to the subject holds (subject, integration, method, role, application, realm, install). \`null\` is no limit, except for \`limit\`, where it
inherits; \`0\` is zero.

| option | default | layers combine | what it does |
|---|---|---|---|
`

/** The page, as it should be. */
export function policyReference(): string {
  const rows = optionNames.map((name) => {
    const { fallback, combine, says, show } = policyOptions[name] as unknown as {
      fallback: unknown
      combine: string
      says: string
      show: (value: unknown) => string
    }
    return `| \`${name}\` | ${show(fallback)} | ${combine} | ${says} |\n`
  })
  return head + rows.join('') + presetTable()
}

function presetTable(): string {
  const names = Object.keys(presets) as PresetName[]
  const nobody = { app: null, roles: [], method: null }
  const resolved = names.map((name) =>
    resolvePolicy(layersOf(expandPolicy(name, 'policy'), nobody, undefined)),
  )
  const differing = optionNames.filter((option) =>
    resolved.some(({ sources }) => sources[option].from !== 'default'),
  )
  const rows = differing.map((option) => {
    const cells = resolved.map(({ sources }) =>
      sources[option].from === 'default' ? '' : sources[option].shown,
    )
    return `| \`${option}\` | ${cells.join(' | ')} |\n`
  })
  return `
## Presets

What each preset sets; an empty cell is the default. \`aurora\` also narrows the role \`administrator\` to one session.

| option | ${names.join(' | ')} |
|---|${names.map(() => '---|').join('')}
${rows.join('')}`
}

if (import.meta.main) {
  if (process.argv.includes('--check')) {
    const current = (await readFile(referencePath, 'utf8').catch(() => '')) === policyReference()
    process.exitCode = current ? 0 : 1
  } else await writeFile(referencePath, policyReference())
}
