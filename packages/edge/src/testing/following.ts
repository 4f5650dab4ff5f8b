// A follower against a real HTTP server that plays the control plane's two routes, with a real folder on disk; what the tests of a
// file share. Where a timer matters the clock is a manual one.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ForwarderSnapshot, Numbered } from '@postern/contract/snapshot'
import { afterEach, beforeEach } from 'vitest'
import { type Clock, systemClock } from '../clock.ts'
import { createFollower, type Follower, type Taken } from '../follow.ts'
import type { TrafficTeller } from '../gateway/traffic.ts'
import { type FeedServer, startFeedServer } from './feed-server.ts'
import { createKeptLog, type KeptLog } from './kept-log.ts'

export const token = 'edge-token-that-must-not-be-logged'
export const clean: Taken = { bound: ['one'], failed: [] }

export let server: FeedServer
export let directory: string
export let kept: KeptLog
export let followers: Follower[]
export let taken: number[]

beforeEach(async () => {
  server = await startFeedServer({ token, edge: 'edge-a' })
  directory = await mkdtemp(join(tmpdir(), 'postern-follow-'))
  kept = createKeptLog()
  followers = []
  taken = []
})

afterEach(async () => {
  for (const follower of followers) await follower.close()
  await server.stop().catch(() => undefined)
  await rm(directory, { recursive: true })
})

export const snapshot = (n: number, epoch = 'E1'): Numbered<ForwarderSnapshot> => ({
  epoch,
  n,
  body: { listeners: [] },
})

export async function follow(options: {
  readonly take?: (snapshot: Numbered<ForwarderSnapshot>) => Taken | Promise<Taken>
  readonly clock?: Clock
  readonly folder?: string
  readonly token?: string
  readonly traffic?: TrafficTeller
}): Promise<Follower> {
  const follower = createFollower({
    feed: 'forwarder',
    baseUrl: server.url(),
    edge: 'edge-a',
    token: options.token ?? token,
    fetch,
    clock: options.clock ?? systemClock,
    random: () => 0,
    directory: options.folder ?? directory,
    log: kept.log,
    take: (whole) => {
      taken.push(whole.n)
      return (options.take ?? (() => clean))(whole)
    },
    ...(options.traffic && { traffic: options.traffic }),
  })
  followers.push(follower)
  await follower.start()
  return follower
}

export const keptFile = (): string => join(directory, 'forwarder.json')
