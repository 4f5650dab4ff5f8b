// Which schema an edge is answered in, and how a whole is written in an older one. The store holds each feed in the newest
// schema of whoever published it; a step takes it down by one, so that a release adds one step and its predecessor's
// edges go on. Pure.

import { type Feed, type GatewaySnapshot, type Numbered, snapshotSchemas } from '@postern/contract/snapshot'

export type Whole = Numbered<unknown>

export interface StepDown {
  /** The schema that it takes a whole from, to the one before. */
  readonly from: number
  readonly down: (feed: Feed, whole: Whole) => Whole
}

/** The first release's edges know no schemas: their whole has no field that says so. */
const toOne: StepDown = { from: 2, down: (_feed, { epoch, n, body }) => ({ epoch, n, body }) }

/**
 * Edges from before the policies would serve such an endpoint without: they are told to let nobody in through it. Any
 * policy at all, also one whose rules another release knows.
 */
const toTwo: StepDown = {
  from: 3,
  down: (feed, whole) => ({
    ...whole,
    schema: 2,
    body: feed === 'gateway' ? withoutPolicies(whole.body as GatewaySnapshot) : whole.body,
  }),
}

const withoutPolicies = (body: GatewaySnapshot): GatewaySnapshot => ({
  ...body,
  endpoints: body.endpoints.map(({ policy, ...endpoint }) =>
    policy == null ? endpoint : { ...endpoint, status: 'REFUSED' },
  ),
})

const stepsDown: readonly StepDown[] = [toTwo, toOne]

/** What an edge says that it reads; nothing, or what is no list of numbers, is the first release's way of saying 1. */
export const parseSchemas = (header: string | null): readonly number[] =>
  header !== null && /^\d{1,4}(, ?\d{1,4}){0,15}$/.test(header) ? header.split(',').map(Number) : [1]

/** What a whole that is stored in `stored` can be written in. One that a newer release stored is passed on as it is. */
export const writableSchemas = (stored: number, known: readonly number[] = snapshotSchemas): readonly number[] =>
  known.includes(stored) ? known.filter((schema) => schema <= stored) : [stored]

/** The newest that both know; null where there is none. */
export const commonSchema = (reads: readonly number[], writes: readonly number[]): number | null => {
  const both = writes.filter((schema) => reads.includes(schema))
  return both.length === 0 ? null : Math.max(...both)
}

/** The whole in `schema`, from the newer or equal one that it is in. Throws RangeError where a step is missing. */
export const writtenIn = (
  schema: number,
  whole: Whole & { readonly schema: number },
  { feed, steps = stepsDown }: { readonly feed: Feed; readonly steps?: readonly StepDown[] },
): Whole => {
  let written: Whole = whole
  for (let at = whole.schema; at > schema; at -= 1) {
    const step = steps.find(({ from }) => from === at)
    if (step === undefined) throw new RangeError(`no step takes a snapshot from schema ${at} to ${at - 1}`)
    written = step.down(feed, written)
  }
  return written
}
