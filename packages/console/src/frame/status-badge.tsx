// A state as a badge.

import Badge from '@leafygreen-ui/badge'
import { type StatusKind, statusWord } from '../words/status.ts'

export function StatusBadge({ kind, status }: { readonly kind: StatusKind; readonly status: string }) {
  const { word, variant } = statusWord(kind, status)
  return <Badge variant={variant}>{word}</Badge>
}
