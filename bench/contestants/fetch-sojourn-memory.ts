import { memory } from 'sojourn/stores/memory'
import { fetchSojourn } from './fetch-sojourn.ts'
import type { Loop } from './contestant.ts'

export function loop(): Promise<Loop> {
  return fetchSojourn(memory())
}
