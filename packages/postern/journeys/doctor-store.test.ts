// The doctor where the control plane is there and its store is not: a PostgreSQL server that is killed, and comes back.

import { type PostgresServer, startPostgres, whyNoPostgres } from '@postern/control-plane/store/postgres-server.testing'
import { afterAll, beforeAll, describe, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { provesItsChecks } from './doctor-proof.ts'
import { doctorAt, isWell, names } from './examined.ts'
import { startForTest } from './running.ts'

const why = await whyNoPostgres()

describe.skipIf(why !== null)(`a control plane on PostgreSQL${why === null ? '' : `: ${why}`}`, () => {
  let postgres: PostgresServer
  let running: Running
  let doctor: ReturnType<typeof doctorAt>['doctor']
  beforeAll(async () => {
    postgres = await startPostgres()
    running = await startForTest({ sample: true, databaseUrl: await postgres.freshDatabase() })
    doctor = doctorAt(running, []).doctor
  })
  afterAll(async () => {
    await running?.stop()
    await postgres?.stop()
  })

  test('whose server is killed: that is named, until it is back', async () => {
    isWell(await doctor())
    await postgres.kill()
    names(await doctor(), 'server-ready')
    names(await doctor(['Cluster0']), 'server-ready')
    await postgres.start()
    await until('the installation being well again', 30_000, async () =>
      (await doctor()).found.length === 0 ? true : undefined,
    )
  })

  provesItsChecks('store')
})
