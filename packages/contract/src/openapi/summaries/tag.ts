// Operations that belong together, with a line for each.

import type { OperationId } from '../../routes.ts'

export interface Tag {
  readonly description: string
  readonly operations: Readonly<Partial<Record<OperationId, string>>>
}
