import { defineCommand } from '../command.ts'
import { start } from '../start.ts'

export const serve = defineCommand({
  name: 'serve',
  says: 'start the server for production',
  more: [
    'It needs SOJOURN_SECRET, and an https SOJOURN_URL unless it is for this machine',
    'alone. It logs lines of JSON, and stops in good order at SIGTERM.',
  ],
  options: { port: { type: 'string', value: 'N', says: 'where to listen; 4000 if left out' } },
  run: ({ options }, terminal) => start('serve', options.port, terminal),
})
