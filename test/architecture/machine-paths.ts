import type { Rule } from './rule.ts'

/** Where one person's files lie. The names of system programs, `/usr/bin/…`, are the same for everyone. */
const machinePath =
  /(?<![\w.:/-])(?:\/(?:home|Users)\/[A-Za-z]|\/(?:root|work|workspace|tmp|private)\/\w|[A-Z]:\\Users\\)/

const path = (...parts: readonly string[]): string => `/${parts.join('/')}`

export const noMachinePaths: Rule = {
  name: 'no file names a path of one machine',
  check: ({ files }) =>
    Object.entries(files).flatMap(([name, text]) =>
      text
        .split('\n')
        .flatMap((line, index) => (machinePath.test(line) ? [`${name}:${index + 1} ${line.trim()}`] : [])),
    ),
  broken: {
    'a home folder': { 'docs/a.md': `see ${path('home', 'ada', 'sojourn')}` },
    'a home folder on a Mac': { 'a.ts': `const a = '${path('Users', 'ada', 'a.db')}'` },
    'a temporary file': { 'a.ts': `const a = '${path('tmp', 'a.db')}'` },
    'a working folder': { '.ci/run': `cd ${path('work', 'main')}` },
  },
  kept: {
    'docs/a.md': 'GET https://example.test/home/ada, /usr/bin/chromium, and ./work/main',
    'a.ts': `const routes = ['/home', '/users/ada', '/account/home/ada']`,
  },
}
