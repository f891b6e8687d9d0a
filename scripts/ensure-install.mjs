/**
 * Runs before `npm start`, `npm test`, `npm run check` and the like: installs what `package-lock.json` asks for when
 * that is missing or stale, and says nothing when there is nothing to do.
 *
 * Plain JavaScript on purpose: on a fresh clone it runs on whatever Node the machine has, before the pinned Node 24
 * is there. The script that follows it runs on the pinned one, because npm puts `node_modules/.bin` first in PATH.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const marker = join(modules, '.sojourn-installed')
const needs = { node: 20, npm: 10, pinned: 24 }

const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8')
const wanted = createHash('sha256').update(`${process.platform}-${process.arch}\n${lockText}`).digest('hex')

const stopped = main()
if (stopped !== undefined) {
  console.error(`\n${stopped}\n`)
  process.exitCode = 1
}

/** @returns {string | undefined} why the scripts cannot run here, in words for the person who typed the command */
function main() {
  const tooOld = oldTools()
  if (tooOld !== undefined) return tooOld
  if (read(marker) === wanted) return unpinned()
  if (!installedByHand() || pinnedThatDoesNotStart() !== undefined) {
    const failed = install()
    if (failed !== undefined) return failed
  }
  const problem = unpinned() ?? pinnedThatDoesNotStart()
  if (problem === undefined) writeFileSync(marker, wanted)
  return problem
}

function oldTools() {
  if (major(process.version) < needs.node) {
    return `Node ${process.version} is too old to install Sojourn: Node ${needs.node} or later is needed.`
  }
  const npm = /^npm\/(\S+)/.exec(process.env.npm_config_user_agent ?? '')?.[1]
  if (npm !== undefined && major(npm) < needs.npm) {
    return `npm ${npm} is too old to install Sojourn: npm ${needs.npm} or later is needed (npm install -g npm@${needs.npm}).`
  }
  return undefined
}

/** npm keeps its own record of what it installed; when that agrees with the lock file there is nothing to do. */
function installedByHand() {
  const record = read(join(modules, '.package-lock.json'))
  if (record === undefined) return false
  const installed = JSON.parse(record).packages ?? {}
  return Object.entries(JSON.parse(lockText).packages ?? {}).every(
    ([path, { version, optional }]) =>
      !path.startsWith('node_modules/') ||
      (optional === true && installed[path] === undefined) ||
      (installed[path]?.version === version && existsSync(join(root, path))),
  )
}

function install() {
  console.log(
    'Installing what package-lock.json asks for: about 20 seconds and 300 MB, the first time and when it changes.',
  )
  // Windows cannot delete the Node that is running this file, and `npm ci` deletes everything first.
  const heldOpen = process.platform === 'win32' && process.execPath.startsWith(modules + sep)
  const args = [...(heldOpen ? ['install', '--no-save'] : ['ci']), '--include=dev', '--include=optional']
  const result = npm([...args, '--no-audit', '--no-fund', '--loglevel=error'])
  if (result.status === 0) return undefined
  return `npm ${args[0]} did not succeed (see above). Check the network and run the command again.`
}

function npm(args) {
  const cli = process.env.npm_execpath
  const options = { cwd: root, stdio: 'inherit' }
  return cli?.endsWith('npm-cli.js')
    ? spawnSync(process.env.npm_node_execpath ?? process.execPath, [cli, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
}

/** The pinned Node comes from the lock file on Linux and Windows; elsewhere people bring their own. */
function unpinned() {
  if (existsSync(pinnedNode()) || major(process.version) >= needs.pinned) return undefined
  return [
    `Sojourn runs on Node ${needs.pinned}, and this is Node ${process.version} on ${process.platform}-${process.arch},`,
    `for which the lock file brings none. Install Node ${needs.pinned} (https://nodejs.org) and run the command again.`,
  ].join('\n')
}

function pinnedThatDoesNotStart() {
  if (!existsSync(pinnedNode())) return undefined
  const version = spawnSync(pinnedNode(), ['--version'], { encoding: 'utf8' })
  if (version.status === 0 && major(version.stdout) === needs.pinned) return undefined
  const why = version.error?.message ?? version.stderr?.trim() ?? `it says ${version.stdout}`
  return `The pinned Node in node_modules does not start on this machine: ${why}`
}

function pinnedNode() {
  return process.platform === 'win32'
    ? join(modules, `node-win-${process.arch}`, 'bin', 'node.exe')
    : join(modules, '.bin', 'node')
}

function read(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined
}

function major(version) {
  return Number(/\d+/.exec(version)?.[0])
}
