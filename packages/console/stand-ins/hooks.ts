// Instead of the `useIdAllocator` of @leafygreen-ui/hooks, which has no id before its first effect: until then every
// label, input and description of a form is tied to the one id "…-undefined". React hands out ids while it renders.

import { useId } from 'react'

export * from '@leafygreen-ui/hooks'

export function useIdAllocator({ id, prefix = 'lg' }: { readonly id?: string; readonly prefix?: string }): string {
  // Colons would have to be escaped in a selector.
  const own = useId().replaceAll(':', '')
  return id || `${prefix}-${own}`
}
