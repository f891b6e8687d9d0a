/** Has PostgreSQL compute without a pause, and touch no table, for as many milliseconds as it is told: what a sweep is compared with. */
import { answerParent } from '../process/answer.ts'
import { beside, namedPool } from './keep-apart.ts'

const [url = ''] = process.argv.slice(2)
const pool = namedPool(url, beside, 1)

/** Takes about as long as a batch of a sweep. */
const work = 'SELECT sum(length(md5(i::text))) FROM generate_series(1, 40000) i'

answerParent(async (lasting: number) => {
  const until = performance.now() + lasting
  while (performance.now() < until) await pool.query(work)
})
