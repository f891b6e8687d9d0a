import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Account } from './server-process.ts'

const execute = promisify(execFile)

/** Runs a program to its end; where it fails, the error says what it printed. */
export async function run(command: string, args: readonly string[], account?: Account): Promise<string> {
  const { stdout } = await execute(command, args, { ...account, encoding: 'utf8' })
  return stdout
}

/** The account of that name, where the tests run as root; else nothing: they run the server as themselves. */
export function accountFor(name: string): Account | undefined {
  if (process.getuid?.() !== 0) return undefined
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((line) => line.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}
