import { spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  globSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const root = realpathSync(join(import.meta.dirname, '../..'))

/**
 * The repository as it stands, in a temporary folder. What is installed is linked to, but for the packages of the
 * repository itself, which are those of the copy. `remove` takes it away again.
 */
export function copyRepository(): { readonly root: string; remove(): void } {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'sojourn-mutants-')))
  const remove = (): void => rmSync(copy, { recursive: true, force: true })
  try {
    for (const path of trackedFiles()) {
      mkdirSync(dirname(join(copy, path)), { recursive: true })
      copyFileSync(join(root, path), join(copy, path))
    }
    for (const folder of globSync(['node_modules', 'packages/*/node_modules', 'bench/node_modules'], {
      cwd: root,
    }))
      linkModules(folder, copy)
  } catch (error) {
    remove()
    throw error
  }
  return { root: copy, remove }
}

/** What git tracks or would track. */
function trackedFiles(): readonly string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '-z']
  const { stdout, status, stderr } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  if (status !== 0) throw new Error(`git could not list the files of the repository: ${stderr}`)
  return [...new Set(stdout.split('\0'))].filter((path) => path !== '' && existsSync(join(root, path)))
}

/** Links every entry of a folder of modules; a link that leads into the repository leads to the same place of the copy. */
function linkModules(folder: string, copy: string): void {
  const from = join(root, folder)
  if (!existsSync(from)) return
  mkdirSync(join(copy, folder), { recursive: true })
  for (const name of readdirSync(from)) {
    const path = join(from, name)
    if (name.startsWith('@') && !lstatSync(path).isSymbolicLink()) linkModules(join(folder, name), copy)
    else symlinkSync(leadsHome(path) ? readlinkSync(path) : path, join(copy, folder, name), 'junction')
  }
}

/** Whether it is a link to a package of the repository. */
function leadsHome(path: string): boolean {
  return lstatSync(path).isSymbolicLink() && existsSync(path) && !realpathSync(path).includes('node_modules')
}
