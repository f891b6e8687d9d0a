import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { test } from 'node:test'
import { repositoryFiles, type Files } from '../scripts/source-tree.ts'

const root = join(import.meta.dirname, '..')

test('every relative link in a document leads to a file or a folder, and every anchor to a heading', () => {
  const files = repositoryFiles()
  assert.deepEqual(
    brokenLinks(files, (path) => existsSync(join(root, path))),
    [],
  )
})

test('a broken link is found', () => {
  const files = {
    'docs/a.md':
      '# A b\n[b](b.md) [c](../c.md#the-end) ![d](d.png) [e](https://e.test/x) `[f](f.md)`\n```\n[g](g.md)\n```\n[h](#a-b)',
    'docs/b.md': '# B\n[a](./a.md#a-b), [a](a.md#b)\n\n[c]: ../gone.md',
    'c.md': '## The end\n',
  }
  const found = brokenLinks(files, (path) => Object.hasOwn(files, path))
  assert.deepEqual(found, ['docs/a.md → d.png', 'docs/b.md → a.md#b', 'docs/b.md → ../gone.md'])
})

test('every path between backticks leads to something: from the repository, from beside the document, or as the end of one', () => {
  assert.deepEqual(brokenPaths(repositoryFiles()), [])
})

test('a path between backticks that leads nowhere is found', () => {
  const files = {
    'docs/a.md':
      '`docs/b.md` `b.md` `core/x.ts` `../c.md` `lib/core/` `lib/core/*.ts` `gone/y.ts` `docs/gone.md` `lib/gone` `an/other` `a.b/c` `POST /docs/x.ts`\n```\n`gone/z.ts`\n```',
    'docs/b.md': '',
    'c.md': '',
    'lib/core/x.ts': '',
  }
  assert.deepEqual(brokenPaths(files), [
    'docs/a.md → gone/y.ts',
    'docs/a.md → docs/gone.md',
    'docs/a.md → lib/gone',
  ])
})

test('SLI-42 from the README one comes to every document, the three of engineering among them', () => {
  const files = repositoryFiles()
  const found = reachable(files, 'README.md')
  const documents = Object.keys(files).filter((path) => /^docs\/.*\.md$/.test(path))
  assert.ok(documents.length > 30)
  assert.deepEqual(
    documents.filter((path) => !found.has(path)),
    [],
  )
  for (const [name, heading] of [
    ['architecture', 'Architecture'],
    ['data-model', 'Data model'],
    ['security-considerations', 'Security considerations'],
  ] as const)
    assert.ok(files[`docs/engineering/${name}.md`]?.startsWith(`# ${heading}\n`), name)
})

/** The documents that links lead to from one, and from those on. */
function reachable(files: Files, from: string): ReadonlySet<string> {
  const found = new Set([from])
  for (const path of found)
    for (const link of linksIn(files[path] ?? '')) {
      const [target = ''] = link.split('#')
      const joined = posix.join(posix.dirname(path), decodeURI(target))
      if (target.endsWith('.md') && Object.hasOwn(files, joined)) found.add(joined)
    }
  return found
}

function brokenPaths(files: Files): string[] {
  const paths = new Set(Object.keys(files).flatMap((path) => [path, ...foldersOf(path)]))
  const documents = Object.entries(files).filter(([path]) => path.endsWith('.md'))
  return documents.flatMap(([document, text]) =>
    pathsIn(text, paths)
      .filter((path) => ![...paths].some((known) => isMeant(path, known, document)))
      .map((path) => `${document} → ${path}`),
  )
}

/** What is written as a path of this repository: with a slash, and an ending of ours or a folder of ours in front. */
function pathsIn(markdown: string, known: ReadonlySet<string>): string[] {
  const codes = [...withoutCode(markdown).matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
  return codes.filter((code) => {
    if (!/^[\w.-]+(?:\/[\w.*-]*)+$/.test(code)) return false
    const [first = ''] = code.split('/')
    return known.has(first) || /\.(?:tsx?|mjs|md|css|ya?ml)$/.test(code)
  })
}

function isMeant(path: string, known: string, document: string): boolean {
  // A pattern stands for the folder that it looks into.
  const plain = path.replace(/\/?[^/]*\*.*$/, '').replace(/\/$/, '')
  const beside = posix.join(posix.dirname(document), plain)
  return known === plain || known === beside || known.endsWith(`/${plain}`)
}

function foldersOf(path: string): readonly string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
}

function brokenLinks(files: Files, exists: (path: string) => boolean): string[] {
  const documents = Object.entries(files).filter(([path]) => path.endsWith('.md'))
  return documents.flatMap(([path, text]) =>
    linksIn(text)
      .filter((link) => !leads(link, path, files, exists))
      .map((link) => `${path} → ${link}`),
  )
}

/** Inline links, images and reference definitions, outside code. */
function linksIn(markdown: string): string[] {
  const prose = withoutCode(markdown).replace(/`[^`\n]*`/g, '')
  const inline = [...prose.matchAll(/\]\(([^()\s]+)(?:\s+"[^"]*")?\)/g)]
  const references = [...prose.matchAll(/^\[[^\]]+\]:\s+(\S+)/gm)]
  const targets = [...inline, ...references].map(([, target = '']) => target)
  return targets.filter((target) => !/^[a-z][a-z0-9+.-]*:/i.test(target))
}

function leads(link: string, from: string, files: Files, exists: (path: string) => boolean): boolean {
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? from : posix.join(posix.dirname(from), decodeURI(path))
  if (!exists(target)) return false
  const text = files[target]
  if (anchor === undefined || !target.endsWith('.md') || text === undefined) return true
  return headings(text).includes(anchor)
}

/** The anchors that GitHub gives to headings. */
function headings(markdown: string): string[] {
  return [...withoutCode(markdown).matchAll(/^#{1,6} +(.+)$/gm)].map(([, heading = '']) =>
    heading
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  )
}

function withoutCode(markdown: string): string {
  return markdown.replace(/^(```|~~~)[\s\S]*?^\1/gm, '')
}
