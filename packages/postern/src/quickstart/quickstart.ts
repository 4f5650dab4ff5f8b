// The command `postern quickstart`: the whole journey with the official driver, in a temporary home on free ports.
// Each step is printed with its time; the first that fails ends it with exit code 1 and what to do.

import type { EventEmitter } from 'node:events'
import { connect as dial } from 'node:net'
import type { Io } from '@postern/cli/core/io'
import { MongoClient } from 'mongodb'
import type { UpOptions } from '../up/flags.ts'
import { type Running, start } from '../up/start.ts'
import { until } from '../up/wait.ts'
import { createCluster } from './cluster.ts'
import {
  attach,
  connectionStringThrough,
  createService,
  type EndpointForm,
  endpointAvailable,
  endpointForms,
} from './forms.ts'

const clusterName = 'Quickstart'
const user = { username: 'quickstart', password: 'only-for-this-run' }
/** Far above what it takes (the printed time says that), so that a busy machine is no failure. */
const endsWithinMs = 15_000

/** Answers the exit code: 0, or 1 with the failing step and what to do on stderr. */
export async function quickstart(options: UpOptions, io: Pick<Io, 'stdout' | 'stderr'>): Promise<number> {
  const began = performance.now()
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stopping.abort())
  const step = stepper(io)
  let running: Running | null = null
  try {
    running = await journey(step, options, stopping.signal)
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    io.stdout.write(`\nEverything worked, in ${seconds} s. Keep one running with: npx postern up\n`)
    return 0
  } catch (error) {
    const what = stopping.signal.aborted ? 'stopped' : (error as Error).message
    io.stderr.write(`\nFailed at: ${step.current()}\n${what}\n`)
    if (!stopping.signal.aborted)
      process.stderr.write(
        'Run it again; if it fails at the same step, run `npx postern up` and look into its logs folder.\n',
      )
    return 1
  } finally {
    stopping.abort()
    await running?.stop()
  }
}

async function journey(step: Stepper, options: UpOptions, signal: AbortSignal): Promise<Running> {
  const running = await step('start control plane, gateway, DNS, local cloud and sandbox', () =>
    start({ ...options, tell: step.warn, signal }),
  )
  const { client, bootstrap } = running
  const { groupId } = bootstrap
  await step('create a three-member cluster', () => createCluster(client, { groupId, clusterName }))
  await step('create a database user', () =>
    client.call('createGroupDatabaseUser', {
      params: { groupId },
      body: { ...user, databaseName: 'admin', roles: [{ roleName: 'readWriteAnyDatabase', databaseName: 'admin' }] },
    }),
  )
  for (const form of endpointForms) await oneForm(step, running, form)
  await step('stop everything and remove the temporary home', () => running.stop())
  return running
}

async function oneForm(step: Stepper, { client, bootstrap }: Running, form: EndpointForm): Promise<void> {
  const { groupId } = bootstrap
  step.say(`\n${form.says}, ${form.region}`)
  const endpointServiceId = await step('create the endpoint service', () => createService(client, groupId, form))
  const endpointId = await step('create the consumer endpoint in the local cloud and attach it', async () => {
    const consumer = await form.createConsumer(client, { groupId, endpointServiceId })
    await attach(client, form, { groupId, endpointServiceId, body: consumer.body })
    await endpointAvailable(client, form, { groupId, endpointServiceId, endpointId: consumer.endpointId })
    return consumer.endpointId
  })
  const uri = await connectionStringThrough(client, { groupId, clusterName, endpointId })
  const driver = new MongoClient(uri, { auth: user, serverSelectionTimeoutMS: 2_000 })
  try {
    await step(`connect, write and read back: ${uri}`, async () => {
      const documents = driver.db('quickstart').collection('journeys')
      const { insertedId } = await documents.insertOne({ through: form.says })
      const found = await documents.findOne({ _id: insertedId })
      if (found?.through !== form.says) throw new Error('what was written could not be read back')
    })
    const cut = connectionEnds(driver)
    await step('terminate the endpoint', () =>
      client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', {
        params: { groupId, cloudProvider: form.provider, endpointServiceId, endpointId },
      }),
    )
    await step('the live connection ends', () => within(endsWithinMs, 'the live connection ending', cut))
    await step('a new one is refused', () => until('new connections being refused', endsWithinMs, () => refused(uri)))
  } finally {
    // Its endpoint is gone, so saying good-bye lasts as long as the selection of a server: nobody waits for that.
    driver.close(true).catch(() => {})
  }
}

/**
 * Resolves when the driver notices that a connection ended. Which of the two it tells is a race inside it: where its
 * monitor is first, it clears the pool, and connections that lie idle there are not mentioned any more.
 */
export const connectionEnds = (driver: EventEmitter): Promise<void> =>
  new Promise((resolve) => {
    for (const told of ['connectionClosed', 'connectionPoolCleared']) driver.once(told, () => resolve())
  })

const within = (ms: number, what: string, wanted: Promise<void>): Promise<void> =>
  Promise.race([
    wanted,
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error(`${what} took over ${ms} ms`)), ms).unref()),
  ])

/** True when the first host of the string takes no connection; undefined while it still does. */
const refused = (uri: string): Promise<true | undefined> =>
  new Promise((resolve) => {
    const { hostname, port } = new URL(uri.replace('mongodb://', 'http://').replace(/,[^/]*/, ''))
    const socket = dial({ host: hostname, port: Number(port) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.once('error', () => resolve(true))
  })

interface Stepper {
  <Value>(says: string, work: () => Promise<Value>): Promise<Value>
  readonly current: () => string
  readonly say: (says: string) => void
  readonly warn: (says: string) => void
}

function stepper({ stdout, stderr }: Pick<Io, 'stdout' | 'stderr'>): Stepper {
  let current = 'start'
  const step = async <Value>(says: string, work: () => Promise<Value>): Promise<Value> => {
    current = says
    const began = performance.now()
    const value = await work()
    stdout.write(`  ${((performance.now() - began) / 1000).toFixed(2).padStart(6)} s  ${says}\n`)
    return value
  }
  const say = (says: string): void => void stdout.write(`${says}\n`)
  const warn = (says: string): void => void stderr.write(`${says}\n`)
  return Object.assign(step, { current: () => current, say, warn })
}
