import { startMariadb } from '../../../test/services/mariadb.ts'
import { startPostgres } from '../../../test/services/postgres.ts'
import { overAStore, urlOf } from './over-a-store.ts'

overAStore({ name: 'PostgreSQL', program: 'postgres', open: (t) => urlOf(t, startPostgres()) })
overAStore({ name: 'MariaDB', program: 'mariadb', open: (t) => urlOf(t, startMariadb()) })
