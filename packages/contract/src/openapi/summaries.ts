// What the OpenAPI document says of each operation in words: one line each, under the tag that it belongs to. The type
// demands a line for every operation in ../routes.ts.

import type { OperationId } from '../routes.ts'
import { clusterTags } from './summaries/clusters.ts'
import { eventTags } from './summaries/events.ts'
import { peopleTags } from './summaries/people.ts'
import { privateEndpointTags } from './summaries/private-endpoints.ts'
import { projectTags } from './summaries/projects.ts'
import { serverTags } from './summaries/server.ts'
import type { Tag } from './summaries/tag.ts'

/** In the order of the document. */
export const tags = {
  ...projectTags,
  ...privateEndpointTags,
  ...clusterTags,
  ...peopleTags,
  ...eventTags,
  ...serverTags,
} as const satisfies Readonly<Record<string, Tag>>

type Described = { [Name in keyof typeof tags]: keyof (typeof tags)[Name]['operations'] }[keyof typeof tags]
/** Fails to compile where an operation has no line above; it is then named in the error. */
type NotDescribed = Exclude<OperationId, Described>
const undescribed: Readonly<Record<NotDescribed, never>> = {}

interface Words {
  readonly tag: string
  readonly summary: string
}

const words = new Map(
  Object.entries<Tag>(tags).flatMap(([tag, { operations }]) =>
    Object.entries(operations).map(([operation, summary]): [string, Words] => [operation, { tag, summary }]),
  ),
)

export const wordsOf = (operation: OperationId): Words => words.get(operation) ?? undescribed[operation as NotDescribed]
