// What a suite is told at once, before it goes on with something that it did not mean.

import { ApiError, type Client } from '@postern/contract/client'
import type { StartOptions } from '../testing.ts'

const known: Readonly<Record<keyof StartOptions, true>> = {
  apply: true,
  fidelity: true,
  unknownEndpoints: true,
  https: true,
  cloudMs: true,
  log: true,
}

/** Throws TypeError for an option that there is not, and for one beside `running`, which is started already. */
export const checkOptions = (options: object): void => {
  const names = 'running' in options ? ['running'] : Object.keys(known)
  const other = Object.keys(options).find((name) => !names.includes(name))
  if (other === undefined) return
  const says = 'running' in options ? 'takes nothing beside running' : `takes ${names.join(', ')}, or running`
  throw new TypeError(`startPostern has no use for the option ${other}: it ${says}.`)
}

/** Throws a sentence where that server has no door for test suites. */
export const checkTesting = async (client: Client, url: string): Promise<void> => {
  try {
    await client.call('listTestingFaults')
  } catch (problem) {
    if (!(problem instanceof ApiError) || problem.status !== 404) throw problem
    throw new Error(`${url} was not started for tests: start it with \`postern up --testing\`.`, { cause: problem })
  }
}
