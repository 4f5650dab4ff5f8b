// The doctor where somebody is silent: the store of a control plane, which is killed and comes back; an edge that cannot
// keep what it takes, because its folder cannot be written; an edge that is gone. Half a minute and a minute must have
// passed, and whatever moves the control plane's clock takes the edges along: so it is told in the store that they have.

import { rename, rm, writeFile } from 'node:fs/promises'
import type { CheckId } from '@postern/contract/diagnosis'
import { type PostgresServer, startPostgres, whyNoPostgres } from '@postern/control-plane/store/postgres-server.testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Child } from '../src/up/child.ts'
import { homePaths } from '../src/up/home.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { provesItsChecks } from './doctor-proof.ts'
import { doctorAt, findingOf, isWell, names, warns } from './examined.ts'
import { loseEdge } from './lose-edge.ts'
import { createCluster, startForTest } from './running.ts'

const why = await whyNoPostgres()

describe.skipIf(why !== null)(`a control plane on PostgreSQL${why === null ? '' : `: ${why}`}`, () => {
  let postgres: PostgresServer
  let database: string
  let running: Running
  let edge: Child | null = null
  let doctor: ReturnType<typeof doctorAt>['doctor']
  beforeAll(async () => {
    postgres = await startPostgres()
    database = await postgres.freshDatabase()
    running = await startForTest({ sample: true, databaseUrl: database })
    doctor = doctorAt(running, []).doctor
  })
  afterAll(async () => {
    await edge?.stop(4_000)
    await running?.stop()
    await postgres?.stop()
  })

  const becomesWell = () =>
    until('the installation being well', 30_000, async () => ((await doctor()).found.length === 0 ? true : undefined))

  /** Looks until the check is named; before each look `ago` makes that long ago what happened now. */
  const named = (id: CheckId, ago: string) =>
    until(`${id} being named`, 30_000, async () => {
      await postgres.rows(database, ago)
      const examined = await doctor()
      return examined.found.includes(id) ? examined : undefined
    })

  test('whose server is killed: that is named, until it is back', async () => {
    isWell(await doctor())
    await postgres.kill()
    names(await doctor(), 'server-ready')
    names(await doctor(['Cluster0']), 'server-ready')
    await postgres.start()
    await becomesWell()
  })

  test('a snapshot that its edge cannot keep on disk', async () => {
    const folder = homePaths(running.home).edge
    isWell(await doctor())
    await rename(folder, `${folder}-aside`)
    await writeFile(folder, '')
    await createCluster(running, 'Second', { regionName: 'US_EAST_1' })
    const examined = await named('edges-current', `update snapshot set created = created - interval '31 seconds'`)
    names(examined, 'edges-current')
    expect(findingOf(examined, 'edges-current').found).toMatch(/the gateway of edge \S+ holds number \d+/)
    await rm(folder)
    await rename(`${folder}-aside`, folder)
    await becomesWell()
  })

  test.skipIf(process.platform !== 'linux')('an edge that was killed, after a minute', async () => {
    const comeBack = await loseEdge(running)
    const examined = await named('edges-heard', `update edge_report set seen = seen - interval '61 seconds'`)
    names(examined, 'edges-heard')
    expect(findingOf(examined, 'edges-heard').found).toMatch(/Nothing was heard of any gateway since 20/)
    names(await doctor(['Cluster0']), 'edges-heard')
    edge = await comeBack()
    await becomesWell()
    warns(await named('edges-release', `update edge_report set version = '0.0.9'`), 'edges-release')
    await becomesWell()
    await edge.stop(4_000)
    edge = await comeBack({ POSTERN_TRUSTED_PROXIES: '10.0.0.0/8' })
    const believing = await named('edges-believe', 'select 1')
    warns(believing, 'edges-believe')
    expect(findingOf(believing, 'edges-believe').found).toMatch(/from whole networks: 10\.0\.0\.0\/8/)
  })

  provesItsChecks('silence')
})
