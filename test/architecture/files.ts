import { basename, dirname } from 'node:path/posix'
import type { Rule } from './rule.ts'

const mostLines = 300
const isCode = (path: string): boolean => /\.(ts|tsx|js|mjs|cjs)$/.test(path) && !path.includes('.generated.')

export const filesAreShort: Rule = {
  name: `no file of code is longer than ${mostLines} lines`,
  check: ({ files }) =>
    Object.entries(files)
      .filter(([path]) => isCode(path))
      .map(([path, text]) => [path, text.trimEnd().split('\n').length] as const)
      .filter(([, lines]) => lines > mostLines)
      .map(([path, lines]) => `${path} has ${lines} lines`),
  broken: { 'one line too many': { 'packages/a/src/a.ts': '1\n'.repeat(mostLines + 1) } },
  kept: {
    'packages/a/src/a.ts': '1\n'.repeat(mostLines),
    'docs/a.md': '1\n'.repeat(mostLines + 1),
    'packages/a/src/a.generated.ts': '1\n'.repeat(mostLines + 1),
  },
}

/** The servers that tests start are services in the word's plain sense. */
const serversOfTests = /^test\/services\//

/** Words that say nothing about what a file holds. */
const empty = new Set('util utils helper helpers type types common misc manager service services'.split(' '))

export const filesAreNamedForWhatTheyHold: Rule = {
  name: 'files and folders of code are kebab-case and named for what they hold',
  check: ({ files }) =>
    Object.keys(files)
      .filter((path) => isCode(path))
      .flatMap((path) => {
        const [stem = '', ...suffixes] = basename(path).split('.')
        const words = [...dirname(path.replace(serversOfTests, '')).split('/'), stem].flatMap((part) =>
          part.split('-'),
        )
        const vague = words.find((word) => empty.has(word.toLowerCase()))
        if (vague !== undefined) return [`${path} is named "${vague}"`]
        const kebab = [stem, ...suffixes].every((part) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part))
        return kebab ? [] : [`${path} is not kebab-case`]
      }),
  broken: {
    utils: { 'packages/a/src/utils.ts': '' },
    'a kind of helpers': { 'packages/a/src/cookie-helpers.ts': '' },
    types: { 'packages/a/src/core/types.ts': '' },
    'a manager': { 'packages/a/src/session-manager.ts': '' },
    'a folder of services': { 'packages/a/src/services/login.ts': '' },
    'camel case': { 'packages/a/src/sessionToken.ts': '' },
  },
  kept: {
    'packages/a/src/session-token.ts': '',
    'packages/a/test/001-first.isolated.test.ts': '',
    'docs/types.md': '',
    'test/services/redis.ts': '',
  },
}
