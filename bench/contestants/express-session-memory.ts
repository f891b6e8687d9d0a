import { expressSessionOver } from './express-session-over.ts'

export const listener = expressSessionOver()
