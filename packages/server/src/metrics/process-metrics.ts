import { collectDefaultMetrics, Registry } from '@prometheus-io/client'

let registry: Registry | undefined

/**
 * What Node and the operating system say of this process, the delay of its event loop among it, by the names that dashboards
 * for Node know. One for all servers of the process: it watches from when it is first asked for, until the process ends.
 */
export function processMetrics(): Registry {
  if (registry === undefined) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
