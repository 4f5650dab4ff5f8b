// The doctor at an edge that cannot keep what it takes, because its folder cannot be written, and at one that is gone. Half
// a minute and a minute must pass in truth: whatever moves the control plane's clock takes the edges along.

import { rename, rm, writeFile } from 'node:fs/promises'
import type { CheckId } from '@postern/contract/diagnosis'
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
  running = await startForTest({ sample: true })
  doctor = doctorAt(running, []).doctor
})
afterAll(async () => {
  await edge?.stop(4_000)
  await running?.stop()
})

const becomesWell = () =>
  until('the installation being well', 30_000, async () => ((await doctor()).found.length === 0 ? true : undefined))

const named = (id: CheckId) =>
  until(`${id} being named`, 90_000, async () => {
    const examined = await doctor()
    return examined.found.includes(id) ? examined : undefined
  })

test('a snapshot that its edge cannot keep on disk', { timeout: 150_000 }, async () => {
  const folder = homePaths(running.home).edge
  isWell(await doctor())
  await rename(folder, `${folder}-aside`)
  await writeFile(folder, '')
  await createCluster(running, 'Second', { regionName: 'US_EAST_1' })
  const examined = await named('edges-current')
  names(examined, 'edges-current')
  expect(findingOf(examined, 'edges-current').found).toMatch(/the gateway of edge \S+ holds number \d+/)
  await rm(folder)
  await rename(`${folder}-aside`, folder)
  await becomesWell()
})

test.skipIf(process.platform !== 'linux')('an edge that was killed, after a minute', { timeout: 180_000 }, async () => {
  const comeBack = await loseEdge(running)
  const examined = await named('edges-heard')
  names(examined, 'edges-heard')
  expect(findingOf(examined, 'edges-heard').found).toMatch(/Nothing was heard of any gateway since 20/)
  names(await doctor(['Cluster0']), 'edges-heard')
  edge = await comeBack()
  await becomesWell()
})

provesItsChecks('silence')
