import { SessionError } from '../core/errors.ts'

/** What a server's word for its state means, and what to do. */
const states: { readonly [word: string]: string } = {
  OOM: 'Redis is out of memory, and refuses what would need more. Raise maxmemory, or shorten the retention',
  LOADING: 'Redis is reading its data from disk, and answers soon',
  BUSY: 'Redis is busy with a long script',
  CLUSTERDOWN: 'The Redis Cluster has no master for the slot of this store, and waits for a failover',
  TRYAGAIN: 'The slot of this store is on its way to another master',
  MOVED: 'This Redis is a node of a cluster: hand in a client of the cluster',
  READONLY: 'This Redis is a replica: hand in a client that follows the master',
  MASTERDOWN: 'This Redis is a replica whose master is down',
  NOREPLICAS: 'Redis has fewer replicas than min-replicas-to-write asks for',
  MISCONF: 'Redis cannot write to its disk, and refuses changes',
  NOAUTH: 'Redis wants a password',
  WRONGPASS: 'Redis refuses the password',
  NOPERM: 'The user may not do this in Redis: it needs the keys and commands that docs/stores/redis.md names',
}

/** What a failure of Redis or its client is to a caller: the store cannot answer. Errors of this library stay what they are. */
export function unavailable(error: unknown): SessionError {
  if (error instanceof SessionError) return error
  const message = error instanceof Error ? error.message : String(error)
  const word = /^-?([A-Z]+)\b/.exec(message)?.[1] ?? ''
  const what = states[word] ?? `Redis cannot answer: ${firstLine(message)}`
  return new SessionError('store_unavailable', what, { cause: withoutCommand(error) })
}

/** A client puts the command that failed on its error, and with it hashes and data that belong in no log. */
function withoutCommand(error: unknown): unknown {
  if (!(error instanceof Error) || !('command' in error)) return error
  const cause = new Error(error.message)
  cause.name = error.name
  if (error.stack !== undefined) cause.stack = error.stack
  return cause
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0]?.slice(0, 200) ?? ''
}
