import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** A program of somebody else that tests talk to. */
export interface Program {
  readonly name: string
  /** The command that is started. */
  readonly command: string
  /** What is tested with it, for who reads that it was not. */
  readonly proves: string
  /** The package of Debian that brings it. */
  readonly debian: string
  /** Where it stands when it is not in the PATH. */
  readonly folders?: readonly string[]
}

export const programs = {
  postgres: {
    name: 'PostgreSQL',
    command: 'postgres',
    proves: 'the PostgreSQL store',
    debian: 'postgresql-15',
    folders: versionsOf('/usr/lib/postgresql'),
  },
  mariadb: {
    name: 'MariaDB',
    command: 'mariadbd',
    proves: 'the MySQL store',
    debian: 'mariadb-server',
    folders: ['/usr/sbin'],
  },
  redis: { name: 'Redis', command: 'redis-server', proves: 'the Redis store', debian: 'redis-server' },
  memcached: {
    name: 'Memcached',
    command: 'memcached',
    proves: 'the Memcached store',
    debian: 'memcached',
  },
  nginx: {
    name: 'nginx',
    command: 'nginx',
    proves: 'forward authentication',
    debian: 'nginx-light',
    folders: ['/usr/sbin'],
  },
} as const satisfies Record<string, Program>

export type ProgramName = keyof typeof programs

/** The path of a program's command, or of another that comes with it; `undefined` where it is not installed. */
export function pathOf(program: Program, command: string = program.command): string | undefined {
  const folders = [...(program.folders ?? []), ...(process.env['PATH'] ?? '').split(delimiter)]
  return folders.map((folder) => join(folder, command)).find((path) => existsSync(path))
}

/**
 * Why a test that needs the program is skipped, or `false`: `test(title, { skip: missing('postgres') }, …)`. A continuous
 * build must have every program: there, its absence fails.
 */
export function missing(name: ProgramName): string | false {
  const program = programs[name]
  if (process.env['CI'] === 'true' || pathOf(program) !== undefined) return false
  return `${program.name} is not installed: install the package ${program.debian}`
}

function versionsOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return []
  const newestFirst = readdirSync(folder).toSorted((a, b) => Number(b) - Number(a))
  return newestFirst.map((version) => join(folder, version, 'bin'))
}
