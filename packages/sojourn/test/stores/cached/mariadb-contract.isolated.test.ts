import { describe } from 'node:test'
import { missing } from '../../../../../test/services/programs.ts'
import { emptyMysql } from '../mysql/open.ts'
import { useMariadb } from '../mysql/use-mariadb.ts'
import { contractAround } from './around-stores.ts'

describe(
  'P-19 P-23 a cached, resilient, observed MariaDB keeps the contract',
  { skip: missing('mariadb') },
  () => {
    const mariadb = useMariadb()
    contractAround(() => emptyMysql(mariadb.pool))
  },
)
