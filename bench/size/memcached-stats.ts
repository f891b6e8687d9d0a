import { once } from 'node:events'
import { connect } from 'node:net'

/** What `stats` of a Memcached on loopback says, by name. */
export async function statsOf(port: number): Promise<Readonly<Record<string, string>>> {
  const socket = connect(port, '127.0.0.1')
  try {
    socket.write('stats\r\n')
    let said = ''
    while (!said.endsWith('END\r\n')) said += String((await once(socket, 'data'))[0])
    const told = said.matchAll(/^STAT (\S+) (\S+)/gm)
    return Object.fromEntries(Array.from(told, ([, name = '', value = '']) => [name, value]))
  } finally {
    socket.destroy()
  }
}
