// How a message stands, as a badge.

import Badge, { Variant } from '@leafygreen-ui/badge'
import { type Delivery, stateWords } from './webhook.ts'

const variants = { PENDING: Variant.Yellow, DELIVERED: Variant.Green, FAILED: Variant.Red } as const

export const DeliveryState = ({ delivery: { state } }: { readonly delivery: Delivery }) => (
  <Badge variant={variants[state]}>{stateWords[state]}</Badge>
)
