import { test } from 'node:test'
import { examineOn, settingsExamined } from './examine-on.ts'

examineOn(
  (name, run) => void test(name, run),
  'sqlite',
  () => Promise.resolve(undefined),
)
settingsExamined((name, run) => void test(name, run))
