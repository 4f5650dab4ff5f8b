// What a cloud has that comes near to what was asked for and is not there: made for this very service and attached to
// nothing, or of almost the same name. Pure.

import type { ListedConsumer } from '../../providers/provider.ts'
import { consumerKey } from './clouds.ts'
import type { Facts } from './facts.ts'

type Known = Pick<Facts, 'consumers' | 'attached'>

/** Of this service, and attached to no endpoint of anybody's. */
export const waitingFor = (
  { consumers, attached }: Known,
  service: Facts['services'][number],
): readonly ListedConsumer[] =>
  (consumers.get(service.provider) ?? []).filter(
    ({ serviceId, cloudId }) => serviceId === service.id && !attached.has(consumerKey(service.provider, cloudId)),
  )

/** So many letters may differ; in an id of hexadecimal digits more would be another id. */
const mostEdits = 2

/** Nearest first: by what it was made for, then by its name. */
export const nearTo = (
  known: Known,
  service: Facts['services'][number],
  cloudId: string,
): readonly ListedConsumer[] => {
  const own = new Set(waitingFor(known, service))
  const free = (known.consumers.get(service.provider) ?? []).filter(
    (each) => !known.attached.has(consumerKey(service.provider, each.cloudId)),
  )
  return free
    .map((each) => ({ each, edits: editsBetween(nameOf(each.cloudId), nameOf(cloudId)) }))
    .filter(({ each, edits }) => own.has(each) || edits <= mostEdits)
    .toSorted((one, other) => Number(own.has(other.each)) - Number(own.has(one.each)) || one.edits - other.edits)
    .map(({ each }) => each)
}

/** Of a path in a cloud its last part: where the rest differs, the name is the same one elsewhere. */
export const nameOf = (cloudId: string): string => (cloudId.split('/').at(-1) ?? cloudId).toLowerCase()

/** Letters to change, add or leave out (Levenshtein). */
export const editsBetween = (one: string, other: string): number => {
  let last = Array.from({ length: other.length + 1 }, (_, at) => at)
  for (const [row, letter] of [...one].entries()) {
    const next = [row + 1]
    for (const [column, facing] of [...other].entries()) {
      const changed = (last[column] ?? 0) + (letter === facing ? 0 : 1)
      next.push(Math.min(changed, (last[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1))
    }
    last = next
  }
  return last.at(-1) ?? 0
}
