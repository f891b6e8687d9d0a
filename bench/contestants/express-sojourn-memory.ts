import { memory } from 'sojourn/stores/memory'
import { expressSojourn } from './express-sojourn.ts'

export const listener = expressSojourn(memory())
