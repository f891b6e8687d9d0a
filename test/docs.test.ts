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
