// What an example of a request is made of. Ids are those of parameters.ts; `keeps` says where in the answer the real one
// is found.

import type { OperationId } from '../routes.ts'
import { exampleIds, pathParameters } from './parameters.ts'

export interface Example {
  readonly operation: OperationId
  /** Tells examples of one operation apart. */
  readonly name: string
  readonly body?: unknown
  /** Path parameters that are not those of parameters.ts. */
  readonly path?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  /** Values of examples, and the JSON pointer to the real one in the answer. */
  readonly keeps?: Readonly<Record<string, string>>
}

type Rest = Omit<Example, 'operation' | 'name'> & { readonly name?: string }
export const send = <const Operation extends OperationId>(operation: Operation, rest: Rest = {}) => ({
  name: 'example',
  ...rest,
  operation,
})

export const ids = exampleIds
export const keep = (id: keyof typeof exampleIds, pointer: string) => ({ keeps: { [ids[id]]: pointer } })
export const known = (parameter: string): string => pathParameters[parameter]?.example ?? ''
