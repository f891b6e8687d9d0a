import { writeFileSync } from 'node:fs'
import { connects, freePort, ServerProcess } from './server-process.ts'

/** An nginx of the tests' own with `servers` as what stands in its `http` block. One process, so that its end is the end of it. */
export async function startNginx(servers: string, port: number): Promise<ServerProcess> {
  return ServerProcess.start({
    program: 'nginx',
    prepare: async ({ folder }) => writeFileSync(`${folder}/nginx.conf`, configuration(folder, servers)),
    // It logs to a file of its own until it has read its configuration, unless it is told.
    args: ({ folder }) => ['-p', folder, '-c', `${folder}/nginx.conf`, '-e', 'stderr'],
    ask: () => connects(port),
  })
}

/** A port for it: what stands behind must know where it is reached before both have begun. */
export { freePort as portForNginx }

function configuration(folder: string, servers: string): string {
  const places = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  ${places.map((place) => `${place}_temp_path ${folder}/${place};`).join('\n  ')}
${servers}
}
`
}
