// The doctor at an edge that stays silent: it is gone for a minute, or cannot say that it took a snapshot, because its
// folder cannot be written. The control plane's clock is moved, so that nobody waits.

import { rename, rm, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Child } from '../src/up/child.ts'
import { homePaths } from '../src/up/home.ts'
import type { Running } from '../src/up/start.ts'
import { until } from '../src/up/wait.ts'
import { provesItsChecks } from './doctor-proof.ts'
import { doctorAt, findingOf, isWell, names } from './examined.ts'
import { loseEdge } from './lose-edge.ts'
import { createCluster, startForTest } from './running.ts'

let running: Running
let edge: Child | null = null
let doctor: ReturnType<typeof doctorAt>['doctor']
beforeAll(async () => {
  running = await startForTest({ sample: true, testing: true })
  doctor = doctorAt(running, []).doctor
})
afterAll(async () => {
  await edge?.stop(4_000)
  await running?.stop()
})

const advance = (ms: number) => running.client.call('advanceTestingClock', { body: { ms } })
const becomesWell = () =>
  until('the installation being well', 30_000, async () => ((await doctor()).found.length === 0 ? true : undefined))

test('a snapshot that its edge cannot keep on disk is not taken over, as far as anybody knows', async () => {
  const folder = homePaths(running.home).edge
  await rename(folder, `${folder}-aside`)
  await writeFile(folder, '')
  await createCluster(running, 'Second', { regionName: 'US_EAST_1' })
  isWell(await doctor())
  await advance(31_000)
  const examined = await doctor()
  names(examined, 'edges-current')
  expect(findingOf(examined, 'edges-current').found).toMatch(/the gateway of edge \S+ holds number \d+/)
  await rm(folder)
  await rename(`${folder}-aside`, folder)
  await becomesWell()
})

test.skipIf(process.platform !== 'linux')('an edge that was killed, after a minute', async () => {
  const comeBack = await loseEdge(running)
  await advance(61_000)
  const examined = await doctor()
  names(examined, 'edges-heard')
  expect(findingOf(examined, 'edges-heard').found).toMatch(/Nothing was heard of any gateway since 20/)
  names(await doctor(['Cluster0']), 'edges-heard')
  edge = await comeBack()
  await becomesWell()
})

provesItsChecks('silence')
