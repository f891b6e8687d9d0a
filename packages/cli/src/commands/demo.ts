import { defineCommand } from '../command.ts'
import { start } from '../start.ts'

export const demo = defineCommand({
  name: 'demo',
  says: 'start a server to try out, with people who may sign in',
  more: [
    'It prints the passwords of its people. Its data is kept in ./data, or in the',
    'folder that SOJOURN_DATA names.',
  ],
  options: { port: { type: 'string', value: 'N', says: 'where to listen; 4000 if left out' } },
  run: ({ options }, terminal) => start('demo', options.port, terminal),
})
