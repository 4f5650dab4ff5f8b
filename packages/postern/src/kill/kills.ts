// The control plane, killed with `kill -9` in the middle of journeys, again and again on one home. After each
// restart every acknowledged wish must be there and reach its end, and no name, index or port may be given out twice.

import { request } from 'node:http'
import type { Client } from '@postern/contract/client'
import { createCluster } from '../quickstart/cluster.ts'
import { endpointForms } from '../quickstart/forms.ts'
import { upOptions } from '../up/flags.ts'
import { start } from '../up/start.ts'
import { until } from '../up/wait.ts'
import { createJourney, type Journey, type Phase, phases } from './journey.ts'

export interface KillReport {
  readonly kills: number
  /** How many came while a request was in flight or a wish unfinished. */
  readonly busy: number
  readonly byPhase: ReadonlyMap<Phase, number>
  /** One sentence for each thing that was lost or given out twice; empty is the only good answer. */
  readonly violations: readonly string[]
}

/** The longest that a kill waits after a journey began, in milliseconds; a journey takes about as long. */
const latestKillMs = 800

/** Resolves when the kill is due. */
type Moment = (journey: Journey, random: () => number) => Promise<unknown>

const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** So many, whenever it happens to be. */
export const atRandom = (times: number): readonly Moment[] =>
  Array.from({ length: times }, () => (_journey: Journey, random: () => number) => passes(random() * latestKillMs))

/** A request is answered within so long, in milliseconds: it may have been stored by then, or not, or have gone unread. */
const requestMs = 10

/** One in each phase of a journey. */
export const inEachPhase: readonly Moment[] = phases.map((phase) => async (journey: Journey, random: () => number) => {
  await journey.comesTo(phase)
  if (phase.startsWith('request')) await passes(random() * requestMs)
})

export async function kills(options: {
  readonly moments: readonly Moment[]
  readonly random: () => number
  readonly tell: (says: string) => void
  /** The bin of a build; without one its programs run from source. */
  readonly bin?: string
}): Promise<KillReport> {
  const words = new Set(['ephemeral', 'no-sample'])
  const typed = { optional: () => undefined, isOn: (name: string) => words.has(name) }
  const up = upOptions(typed, { POSTERN_LOCAL_PROVISION_MS: '100' })
  const running = await start({ ...up, ...(options.bin && { bin: options.bin }), tell: () => {} })
  const { client, bootstrap, children } = running
  const { groupId } = bootstrap
  const byPhase = new Map<Phase, number>()
  const times = options.moments.length
  const violations: string[] = []
  const names = new Map<string, string>()
  try {
    await createCluster(client, { groupId, clusterName })
    for (const [at, moment] of options.moments.entries()) {
      const kill = at + 1
      const form = endpointForms[Math.floor(options.random() * endpointForms.length)]
      if (form === undefined) throw new RangeError('randomness outside 0 to 1')
      const journey = createJourney(client, groupId, form)
      const walking = journey.run().catch(() => {})
      await moment(journey, options.random)
      const pid = children.server.pid()
      const phase = journey.phase()
      if (pid !== undefined) process.kill(pid, 'SIGKILL')
      byPhase.set(phase, (byPhase.get(phase) ?? 0) + 1)
      await walking
      await ready(client.baseUrl, () => children.server.pid() !== pid)
      for (const violation of await givenTwice(client, groupId, names)) violations.push(`kill ${kill}: ${violation}`)
      try {
        await journey.verify()
      } catch (error) {
        violations.push(`kill ${kill} (${form.says}, ${phase}): ${(error as Error).message}`)
      }
      options.tell(`${kill}/${times}  ${form.says}: ${phase}`)
    }
  } finally {
    await running.stop()
  }
  const busy = [...byPhase].filter(([phase]) => phase !== 'between two wishes').reduce((sum, [, n]) => sum + n, 0)
  return { kills: times, busy, byPhase, violations }
}

const clusterName = 'UnderFire'

/** Names are never reused in the life of a group; host and port never at the same time. */
async function givenTwice(client: Client, groupId: string, names: Map<string, string>): Promise<string[]> {
  const { body } = await client.call('getGroupClusterConnectionStrings', { params: { groupId, clusterName } })
  const found: string[] = []
  const targets = new Map<string, string>()
  for (const endpoint of body.endpoints) {
    for (const name of endpoint.names) {
      const holder = names.get(name)
      if (holder !== undefined && holder !== endpoint.endpointId)
        found.push(`name ${name} was ${holder}'s and is now ${endpoint.endpointId}'s`)
      names.set(name, endpoint.endpointId)
    }
    const hosts = endpoint.standard.replace(/^mongodb:\/\//, '').replace(/\/.*$/, '')
    for (const target of hosts.split(',')) {
      const holder = targets.get(target)
      if (holder !== undefined && holder !== endpoint.endpointId)
        found.push(`${target} is both ${holder}'s and ${endpoint.endpointId}'s`)
      targets.set(target, endpoint.endpointId)
    }
  }
  return found
}

const ready = (baseUrl: string, isNew: () => boolean): Promise<true> =>
  until('the control plane being ready again', 60_000, async () =>
    isNew() && (await answers(`${baseUrl}/readyz`)) ? true : undefined,
  )

const answers = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    request(url, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
      .on('error', () => resolve(false))
      .end()
  })
